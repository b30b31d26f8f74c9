#include "failure.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static void copy(char *to, size_t size, const char *from) {
  const size_t length = strnlen(from, size - 1);
  memcpy(to, from, length);
  to[length] = '\0';
}

bool fail(struct failure *failure, const char *step, const char *detail) {
  memset(failure, 0, sizeof *failure);
  failure->error = errno;
  copy(failure->step, sizeof failure->step, step);
  copy(failure->detail, sizeof failure->detail, detail == NULL ? "" : detail);
  return false;
}

bool refuse(struct failure *failure, const char *step, const char *detail) {
  errno = EINVAL;
  return fail(failure, step, detail);
}

#define NAME(error) {error, #error}
// strerrorname_np() is glibc's alone; these are what the guard's calls can give.
static const struct {
  int error;
  const char *name;
} NAMES[] = {
    NAME(E2BIG),  NAME(EACCES), NAME(EAGAIN),  NAME(EBADF),  NAME(EBUSY),        NAME(EFAULT),    NAME(EINTR),
    NAME(EINVAL), NAME(EIO),    NAME(EISDIR),  NAME(ELOOP),  NAME(EMFILE),       NAME(ENAMETOOLONG), NAME(ENFILE),
    NAME(ENODEV), NAME(ENOENT), NAME(ENOEXEC), NAME(ENOMEM), NAME(ENOSPC),       NAME(ENOSYS),    NAME(ENOTDIR),
    NAME(ENXIO),  NAME(EPERM),  NAME(EPIPE),   NAME(EROFS),  NAME(ESRCH),        NAME(ESTALE),    NAME(ETXTBSY),
    NAME(EOPNOTSUPP), NAME(ELIBBAD), NAME(ENODATA),
};

const char *error_name(int error) {
  static char number[12];
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    if (NAMES[i].error == error) return NAMES[i].name;
  }
  snprintf(number, sizeof number, "%d", error);
  return number;
}
