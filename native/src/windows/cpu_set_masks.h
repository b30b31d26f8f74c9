#pragma once

#include <windows.h>

#include <vector>

#include "os/error.h"

namespace ostler {

/// CPUs of several processor groups for one process (Windows 11, Server 2022); ERROR_PROC_NOT_FOUND before. None of them
/// means that the process keeps to its affinity alone.
Status SetCpuSetMasks(HANDLE process, const std::vector<GROUP_AFFINITY>& masks);

/// Empty where none were set, and where the system has no such thing.
std::vector<GROUP_AFFINITY> CpuSetMasks(HANDLE process);

}  // namespace ostler
