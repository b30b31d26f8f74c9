#pragma once

#include <stdbool.h>
#include <wchar.h>
#include <windows.h>

/** What could not be done: the failing call, its error of Windows, and the path or name that it was about. */
struct failure {
  DWORD error;
  const char *step;
  wchar_t detail[480];
};

/** Notes a failure with the present error of Windows. Always false, so that a step can `return fail(…)`. */
bool fail(struct failure *failure, const char *step, const wchar_t *detail);

/** As fail(), with an error of ours, such as for a value that is wrong before any call was made. */
bool refuse(struct failure *failure, DWORD error, const char *step, const wchar_t *detail);
