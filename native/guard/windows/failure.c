#include "failure.h"

bool fail(struct failure *failure, const char *step, const wchar_t *detail) {
  return refuse(failure, GetLastError(), step, detail);
}

bool refuse(struct failure *failure, DWORD error, const char *step, const wchar_t *detail) {
  failure->error = error;
  failure->step = step;
  // Cut where it is too long.
  lstrcpynW(failure->detail, detail == NULL ? L"" : detail, sizeof failure->detail / sizeof *failure->detail);
  return false;
}
