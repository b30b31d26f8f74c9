#include "control.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool control_open(struct control *control, int fd, struct failure *failure) {
  *control = (struct control){.fd = -1};
  if (fd < 0) return true;
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) return fail(failure, "fcntl", "--control");
  control->fd = fd;
  return true;
}

/** False where the reader is gone. The descriptor may or may not be blocking. */
static bool write_all(int fd, const char *text, size_t length) {
  while (length > 0) {
    const ssize_t written = write(fd, text, length);
    if (written >= 0) {
      text += written;
      length -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd room = {.fd = fd, .events = POLLOUT};
      poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

static void tell(struct control *control, const char *line, int length) {
  if (!write_all(control->fd, line, (size_t)length)) control->ended = true;
}

void control_started(struct control *control, pid_t worker) {
  char line[32];
  if (control->fd >= 0) tell(control, line, snprintf(line, sizeof line, "started %d\n", (int)worker));
}

void control_failed(struct control *control, const struct failure *failure) {
  char line[sizeof *failure + 64];
  const int length = snprintf(line, sizeof line, "%sfailed %s %s%s%s\n", control->fd < 0 ? "ostler-guard: " : "",
                              failure->step, error_name(failure->error), *failure->detail == '\0' ? "" : " ",
                              failure->detail);
  // A path may hold anything; the report is one line.
  for (int i = 0; i < length - 1; i++) {
    if (line[i] == '\n' || line[i] == '\r') line[i] = '?';
  }
  if (control->fd >= 0) tell(control, line, length);
  else write_all(STDERR_FILENO, line, (size_t)length);
}

void control_read(struct control *control) {
  // A line that fills the buffer is none of ours.
  if (control->used == sizeof control->buffer) control->used = 0;
  const ssize_t got = read(control->fd, control->buffer + control->used, sizeof control->buffer - control->used);
  if (got > 0) control->used += (size_t)got;
  else if (got == 0 || (errno != EAGAIN && errno != EINTR)) control->ended = true;
}

static bool parse(const char *line, struct order *order) {
  static const char SIGNAL[] = "signal ";
  unsigned long number;
  if (strcmp(line, "kill") == 0) {
    *order = (struct order){.what = ORDER_KILL};
    return true;
  }
  if (strncmp(line, SIGNAL, sizeof SIGNAL - 1) != 0) return false;
  if (!whole_number(line + sizeof SIGNAL - 1, (unsigned long)SIGRTMAX, &number) || number == 0) return false;
  *order = (struct order){.what = ORDER_SIGNAL, .signal = (int)number};
  return true;
}

bool control_next(struct control *control, struct order *order) {
  for (;;) {
    char *end = memchr(control->buffer, '\n', control->used);
    if (end == NULL) return false;
    *end = '\0';
    const bool known = parse(control->buffer, order);
    control->used -= (size_t)(end + 1 - control->buffer);
    memmove(control->buffer, end + 1, control->used);
    if (known) return true;
  }
}
