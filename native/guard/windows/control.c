#include "control.h"

#include <stdio.h>
#include <string.h>

bool control_open(struct control *control, HANDLE pipe, struct failure *failure) {
  control->pipe = pipe;
  control->ending = CreateEventW(NULL, TRUE, FALSE, NULL);
  return control->ending != NULL || fail(failure, "CreateEventW", L"");
}

static bool write_all(HANDLE file, const char *text, DWORD length) {
  while (length > 0) {
    DWORD written = 0;
    if (!WriteFile(file, text, length, &written, NULL)) return false;
    text += written;
    length -= written;
  }
  return true;
}

static void obey(struct control *control, const char *line) {
  // A program can't be asked anything else; and it is asked only where it shares our console.
  if (strncmp(line, "signal ", 7) == 0) GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, control->group);
  if (strcmp(line, "kill") == 0) SetEvent(control->ending);
}

/** Reads orders until the pool is gone. */
static DWORD WINAPI listen(void *context) {
  struct control *control = context;
  char line[64];
  size_t used = 0;
  for (;;) {
    char byte;
    DWORD got = 0;
    if (!ReadFile(control->pipe, &byte, 1, &got, NULL) || got == 0) break;
    if (byte != '\n') {
      // A line that fills the buffer is none of ours.
      if (used < sizeof line - 1) line[used++] = byte;
      continue;
    }
    line[used] = '\0';
    used = 0;
    obey(control, line);
  }
  SetEvent(control->ending);
  return 0;
}

bool control_started(struct control *control, DWORD worker, struct failure *failure) {
  if (control->pipe == NULL) return true;
  char line[32];
  control->group = worker;
  const int length = snprintf(line, sizeof line, "started %lu\n", worker);
  if (!write_all(control->pipe, line, (DWORD)length)) SetEvent(control->ending);
  const HANDLE thread = CreateThread(NULL, 0, listen, control, 0, NULL);
  if (thread == NULL) return fail(failure, "CreateThread", L"");
  CloseHandle(thread);
  return true;
}

void control_failed(const struct control *control, const struct failure *failure) {
  char detail[4 * sizeof failure->detail / sizeof *failure->detail];
  char line[sizeof detail + 128];
  if (WideCharToMultiByte(CP_UTF8, 0, failure->detail, -1, detail, sizeof detail, NULL, NULL) == 0) *detail = '\0';
  // A path may hold anything; the report is one line.
  for (char *at = detail; *at != '\0'; at++) {
    if (*at == '\n' || *at == '\r') *at = '?';
  }
  const int length = snprintf(line, sizeof line, "%sfailed %s %lu%s%s\n", control->pipe == NULL ? "ostler-guard: " : "",
                              failure->step, failure->error, *detail == '\0' ? "" : " ", detail);
  write_all(control->pipe != NULL ? control->pipe : GetStdHandle(STD_ERROR_HANDLE), line, (DWORD)length);
}
