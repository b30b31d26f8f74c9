#include "autogroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool autogroup_renice(pid_t leader, int nice) {
  char text[32];
  snprintf(text, sizeof text, "/proc/%d/autogroup", (int)leader);
  const int fd = open(text, O_WRONLY | O_CLOEXEC);
  // A kernel without autogroups, or a leader that has ended: there is nothing to do.
  if (fd < 0) return true;
  snprintf(text, sizeof text, "%d", nice);
  const bool later = write(fd, text, strlen(text)) < 0 && (errno == EAGAIN || errno == EINTR);
  close(fd);
  return !later;
}
