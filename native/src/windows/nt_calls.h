#pragma once

#include <windows.h>

#include "os/error.h"

namespace ostler {

/// Calls of ntdll that the headers don't declare; their status is given as the error that it stands for.
Status NtSuspend(HANDLE process);
Status NtResume(HANDLE process);

/// How many handles a process has. Of all handles of the machine, as Wine answers GetProcessHandleCount() with 0.
Result<int> HandlesOf(DWORD pid);

}  // namespace ostler
