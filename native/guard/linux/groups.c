#include "groups.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
  REMOVE_ATTEMPTS = 50,
  REMOVE_PAUSE_MS = 2,
};

static int open_in(const char *folder, const char *file, int flags) {
  char path[PATH_MAX];
  const int length = snprintf(path, sizeof path, "%s/%s", folder, file);
  if (length < 0 || (size_t)length >= sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  return open(path, flags | O_CLOEXEC);
}

static bool join(const char *folder, struct failure *failure) {
  const int fd = open_in(folder, "cgroup.procs", O_WRONLY);
  if (fd < 0) return fail(failure, "open", folder);
  if (write(fd, "0", 1) != 1) return fail(failure, "write", folder);
  close(fd);
  return true;
}

bool groups_join(struct groups groups, struct failure *failure) {
  for (size_t i = 0; i < groups.count; i++) {
    if (!join(groups.folders[i], failure)) return false;
  }
  return true;
}

/** Calls `visit` with every process of the group that this process can name: one of another pid namespace is listed as 0. */
static void each_member(const char *folder, number_visitor *visit, void *context) {
  const int fd = open_in(folder, "cgroup.procs", O_RDONLY);
  if (fd < 0) return;
  each_number(fd, visit, context);
  close(fd);
}

static void note_own(unsigned long member, void *context) {
  if ((pid_t)member == getpid()) *(bool *)context = true;
}

/** A group that holds the guard is not the worker's own: killing it would reach the pool and strangers. */
static bool is_shared(const char *folder) {
  bool own = false;
  each_member(folder, note_own, &own);
  return own;
}

void groups_kill_whole(struct groups groups) {
  for (size_t i = 0; i < groups.count; i++) {
    if (is_shared(groups.folders[i])) continue;
    const int fd = open_in(groups.folders[i], "cgroup.kill", O_WRONLY);
    if (fd < 0) continue;
    // Nothing depends on it: what it misses is found as a member or as a descendant.
    const ssize_t ignored = write(fd, "1", 1);
    (void)ignored;
    close(fd);
  }
}

static void kill_member(unsigned long member, void *context) {
  kill((pid_t)member, SIGKILL);
  *(bool *)context = true;
}

bool groups_kill_members(struct groups groups) {
  bool any = false;
  for (size_t i = 0; i < groups.count; i++) {
    if (!is_shared(groups.folders[i])) each_member(groups.folders[i], kill_member, &any);
  }
  return any;
}

static void remove_folder(const char *folder) {
  const struct timespec pause = {.tv_nsec = REMOVE_PAUSE_MS * 1000000L};
  // A member that was reaped may be counted for a moment longer.
  for (int i = 0; i < REMOVE_ATTEMPTS && rmdir(folder) < 0 && errno == EBUSY; i++) nanosleep(&pause, NULL);
}

static void remove_parent(const char *folder) {
  char path[PATH_MAX];
  size_t length = strlen(folder);
  if (length >= sizeof path) return;
  while (length > 0 && folder[length - 1] == '/') length--;
  while (length > 0 && folder[length - 1] != '/') length--;
  if (length == 0) return;
  memcpy(path, folder, length);
  path[length] = '\0';
  // Refused by the kernel as long as another worker's group is there.
  rmdir(path);
}

void groups_remove(struct groups groups) {
  for (size_t i = 0; i < groups.count; i++) {
    remove_folder(groups.folders[i]);
    remove_parent(groups.folders[i]);
  }
}
