#pragma once

#include <windows.h>

#include "os/error.h"
#include "windows/handle.h"

namespace ostler {

/// Opens a process that has not ended. One that has, but of which somebody holds a handle, is as gone as any other.
Result<Handle> OpenLive(int pid, DWORD access);

}  // namespace ostler
