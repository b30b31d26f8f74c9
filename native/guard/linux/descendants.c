#include "descendants.h"

#include "text.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  /** PID_MAX_LIMIT of the kernel. */
  LARGEST_PID = 4 * 1024 * 1024,
  /** Looks at a tree that never rests; what they miss is met again after the kill. */
  MOST_LOOKS = 64,
};

/** One bit per pid that was stopped. Half a megabyte of which only the pages with our pids are ever touched. */
static unsigned char stopped[LARGEST_PID / 8];

static unsigned char *byte_of(pid_t pid) { return &stopped[pid / 8]; }

static unsigned char bit_of(pid_t pid) { return (unsigned char)(1 << (pid % 8)); }

static void add(unsigned long pid, void *context) {
  struct descendants *descendants = context;
  if (descendants->count == descendants->room) {
    const size_t room = descendants->room == 0 ? 256 : descendants->room * 2;
    pid_t *pids = realloc(descendants->pids, room * sizeof *pids);
    // Without memory the rest is met again after those that we know are dead.
    if (pids == NULL) return;
    descendants->pids = pids;
    descendants->room = room;
  }
  descendants->pids[descendants->count++] = (pid_t)pid;
}

typedef void file_user(int fd, void *context);

/** Opens a file of each thread of a process. */
static void each_thread(pid_t process, const char *file, file_user *use, void *context) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", (int)process);
  DIR *threads = opendir(path);
  if (threads == NULL) return;
  struct dirent *entry;
  while ((entry = readdir(threads)) != NULL) {
    unsigned long thread;
    if (!whole_number(entry->d_name, LARGEST_PID, &thread)) continue;
    snprintf(path, sizeof path, "/proc/%d/task/%lu/%s", (int)process, thread, file);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    use(fd, context);
    close(fd);
  }
  closedir(threads);
}

static void add_listed(int fd, void *descendants) { each_number(fd, add, descendants); }

/** A child belongs to the thread that forked it. */
static void add_children(struct descendants *descendants, pid_t parent) {
  each_thread(parent, "children", add_listed, descendants);
}

/** True where this is news. */
static bool stop(pid_t pid) {
  if (pid >= LARGEST_PID || (*byte_of(pid) & bit_of(pid)) != 0) return false;
  *byte_of(pid) |= bit_of(pid);
  kill(pid, SIGSTOP);
  return true;
}

static bool look(struct descendants *descendants) {
  bool news = false;
  descendants->count = 0;
  add_children(descendants, getpid());
  for (size_t i = 0; i < descendants->count; i++) {
    // Before its children are read, so that those are all it will ever have.
    if (stop(descendants->pids[i])) news = true;
    add_children(descendants, descendants->pids[i]);
  }
  return news;
}

void descendants_stop(struct descendants *descendants) {
  for (int i = 0; i < MOST_LOOKS && look(descendants); i++) continue;
}

void descendants_kill(const struct descendants *descendants) {
  // The other way round, the children of a dead parent would be an orphaned process group, which is continued.
  for (size_t i = descendants->count; i > 0; i--) {
    const pid_t pid = descendants->pids[i - 1];
    kill(pid, SIGKILL);
    if (pid < LARGEST_PID) *byte_of(pid) &= (unsigned char)~bit_of(pid);
  }
}

static void note_runnable(int fd, void *runnable) {
  char text[256];
  const ssize_t got = read(fd, text, sizeof text - 1);
  if (got <= 0) return;
  text[got] = '\0';
  // The state follows the name, which may hold anything, parentheses too.
  const char *name_end = strrchr(text, ')');
  if (name_end != NULL && name_end[1] == ' ' && name_end[2] == 'R') *(bool *)runnable = true;
}

bool descendants_want_cpu(const struct descendants *descendants) {
  bool runnable = false;
  for (size_t i = 0; i < descendants->count && !runnable; i++) {
    each_thread(descendants->pids[i], "stat", note_runnable, &runnable);
  }
  return runnable;
}
