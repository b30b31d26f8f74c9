#include "cpus.h"

#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char STEP[] = "sched_setaffinity";

enum {
  WORD_BITS = 8 * sizeof(unsigned long),
  /** Far above what any kernel can be built for (8,192). */
  LARGEST_CPU = (1 << 20) - 1,
  /** sched_getaffinity refuses a mask that is smaller than the kernel's own. */
  LEAST_BYTES = 16384 / 8,
};

typedef bool visitor(unsigned long first, unsigned long last, void *context);

static bool each_range(const char *text, visitor *visit, void *context) {
  for (;;) {
    unsigned long first;
    if (!take_number(&text, LARGEST_CPU, &first)) return false;
    unsigned long last = first;
    if (*text == '-') {
      text++;
      if (!take_number(&text, LARGEST_CPU, &last) || last < first) return false;
    }
    if (!visit(first, last, context)) return false;
    if (*text == '\0') return true;
    if (*text++ != ',') return false;
  }
}

static bool measure(unsigned long first, unsigned long last, void *context) {
  size_t *bytes = context;
  (void)first;
  const size_t needed = (last / WORD_BITS + 1) * sizeof(unsigned long);
  if (needed > *bytes) *bytes = needed;
  return true;
}

static bool mark(unsigned long first, unsigned long last, void *context) {
  unsigned long *mask = context;
  for (unsigned long cpu = first; cpu <= last; cpu++) mask[cpu / WORD_BITS] |= 1UL << (cpu % WORD_BITS);
  return true;
}

bool cpus_parse(struct cpus *cpus, const char *text, struct failure *failure) {
  cpus->text = text;
  cpus->bytes = LEAST_BYTES;
  if (!each_range(text, measure, &cpus->bytes)) return refuse(failure, STEP, text);
  cpus->asked = calloc(1, cpus->bytes);
  cpus->given = calloc(1, cpus->bytes);
  if (cpus->asked == NULL || cpus->given == NULL) return fail(failure, STEP, text);
  return each_range(text, mark, cpus->asked);
}

bool cpus_apply(struct cpus *cpus, struct failure *failure) {
  if (cpus->text == NULL) return true;
  // The system calls themselves: the C library's wrappers are made for a mask of a fixed size.
  if (syscall(SYS_sched_setaffinity, 0, cpus->bytes, cpus->asked) < 0) return fail(failure, STEP, cpus->text);
  if (syscall(SYS_sched_getaffinity, 0, cpus->bytes, cpus->given) < 0) return fail(failure, STEP, cpus->text);
  // The kernel silently leaves out CPUs that it does not have or that the cpuset forbids, as long as one is left.
  if (memcmp(cpus->asked, cpus->given, cpus->bytes) != 0) return refuse(failure, STEP, cpus->text);
  return true;
}
