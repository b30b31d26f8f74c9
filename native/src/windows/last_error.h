#pragma once

#include <windows.h>

#include "os/error.h"

namespace ostler {

/// What the call that has just failed said.
inline OsError LastError(const char* call) { return OsError{call, static_cast<int>(GetLastError())}; }

}  // namespace ostler
