#include "descriptors.h"

#include <string.h>

void descriptors_read(struct descriptors *descriptors) {
  memset(descriptors, 0, sizeof *descriptors);
  GetStartupInfoW(&descriptors->startup);
  const WORD bytes = descriptors->startup.cbReserved2;
  BYTE *block = descriptors->startup.lpReserved2;
  DWORD count = 0;
  if (block == NULL || bytes < sizeof count) return;
  memcpy(&count, block, sizeof count);
  if (count > (bytes - sizeof count) / (1 + sizeof(HANDLE))) return;
  descriptors->count = count;
  descriptors->flags = block + sizeof count;
  descriptors->handles = descriptors->flags + count;
}

/** They are not aligned. */
static HANDLE handle_at(const struct descriptors *descriptors, unsigned number) {
  HANDLE handle;
  memcpy(&handle, descriptors->handles + number * sizeof handle, sizeof handle);
  return handle;
}

static void forget(struct descriptors *descriptors, unsigned number) {
  const HANDLE none = INVALID_HANDLE_VALUE;
  descriptors->flags[number] = 0;
  memcpy(descriptors->handles + number * sizeof none, &none, sizeof none);
}

static bool is_open(HANDLE handle) {
  // -2 is what a program without a console has for its standard descriptors.
  return handle != NULL && handle != INVALID_HANDLE_VALUE && handle != (HANDLE)(LONG_PTR)-2;
}

bool descriptors_take(struct descriptors *descriptors, int number, HANDLE *handle, struct failure *failure) {
  const unsigned at = (unsigned)number;
  if (at >= descriptors->count || !is_open(handle_at(descriptors, at))) {
    return refuse(failure, ERROR_INVALID_HANDLE, "options", L"--control");
  }
  *handle = handle_at(descriptors, at);
  if (!SetHandleInformation(*handle, HANDLE_FLAG_INHERIT, 0)) return fail(failure, "SetHandleInformation", L"--control");
  forget(descriptors, at);
  return true;
}

void descriptors_close(struct descriptors *descriptors) {
  static const DWORD STANDARD[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
  HANDLE closed[sizeof STANDARD / sizeof *STANDARD];
  for (unsigned i = 0; i < sizeof STANDARD / sizeof *STANDARD; i++) {
    closed[i] = GetStdHandle(STANDARD[i]);
    SetStdHandle(STANDARD[i], NULL);
    if (is_open(closed[i])) CloseHandle(closed[i]);
  }
  for (unsigned i = 0; i < descriptors->count; i++) {
    const HANDLE handle = handle_at(descriptors, i);
    const bool is_standard = handle == closed[0] || handle == closed[1] || handle == closed[2];
    if (is_open(handle) && !is_standard) CloseHandle(handle);
    forget(descriptors, i);
  }
}
