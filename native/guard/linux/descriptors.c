#include "descriptors.h"

#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STANDARD = 3 };

void descriptors_fill_standard(void) {
  for (int fd = 0; fd < STANDARD; fd++) {
    // The lowest free number is given, so this opens `fd` itself.
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) open("/dev/null", O_RDWR);
  }
}

static void silence_standard(void) {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < STANDARD; fd++) {
    // Without a /dev/null the descriptor must go all the same: end of file on a worker's pipe depends on it.
    if (null < 0 || dup2(null, fd) < 0) close(fd);
  }
  if (null >= STANDARD) close(null);
}

/** For kernels before 5.9 and sandboxes that forbid close_range. */
static void close_listed(unsigned first, unsigned last) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL) return;
  const unsigned own = (unsigned)dirfd(folder);
  struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    const char *name = entry->d_name;
    unsigned long fd;
    if (take_number(&name, INT_MAX, &fd) && fd >= first && fd <= last && fd != own) close((int)fd);
  }
  closedir(folder);
}

static void close_between(unsigned first, unsigned last) {
  if (first > last) return;
#ifdef SYS_close_range
  if (syscall(SYS_close_range, first, last, 0) == 0) return;
#endif
  close_listed(first, last);
}

static void sort(int *numbers, size_t count) {
  for (size_t i = 1; i < count; i++) {
    for (size_t j = i; j > 0 && numbers[j - 1] > numbers[j]; j--) {
      const int larger = numbers[j - 1];
      numbers[j - 1] = numbers[j];
      numbers[j] = larger;
    }
  }
}

void descriptors_keep_only(int *kept, size_t count) {
  silence_standard();
  sort(kept, count);
  unsigned next = STANDARD;
  for (size_t i = 0; i < count; i++) {
    if (kept[i] < STANDARD) continue;
    close_between(next, (unsigned)kept[i] - 1);
    next = (unsigned)kept[i] + 1;
  }
  close_between(next, UINT_MAX);
}
