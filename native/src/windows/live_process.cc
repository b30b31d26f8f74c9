#include "windows/live_process.h"

#include "windows/last_error.h"

namespace ostler {

Result<Handle> OpenLive(int pid, DWORD access) {
  Handle process(OpenProcess(access | SYNCHRONIZE, FALSE, static_cast<DWORD>(pid)));
  if (!process) return LastError("OpenProcess");
  if (WaitForSingleObject(process.get(), 0) == WAIT_OBJECT_0) return OsError{"OpenProcess", ERROR_INVALID_PARAMETER};
  return process;
}

}  // namespace ostler
