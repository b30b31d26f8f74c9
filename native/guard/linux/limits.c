#include "limits.h"

#include "text.h"

#include <limits.h>
#include <string.h>

static const char STEP[] = "setrlimit";

static const char *const NAMES[RLIM_NLIMITS] = {
    [RLIMIT_AS] = "as",           [RLIMIT_CORE] = "core",       [RLIMIT_CPU] = "cpu",
    [RLIMIT_DATA] = "data",       [RLIMIT_FSIZE] = "fsize",     [RLIMIT_LOCKS] = "locks",
    [RLIMIT_MEMLOCK] = "memlock", [RLIMIT_MSGQUEUE] = "msgqueue", [RLIMIT_NICE] = "nice",
    [RLIMIT_NOFILE] = "nofile",   [RLIMIT_NPROC] = "nproc",     [RLIMIT_RSS] = "rss",
    [RLIMIT_RTPRIO] = "rtprio",   [RLIMIT_RTTIME] = "rttime",   [RLIMIT_SIGPENDING] = "sigpending",
    [RLIMIT_STACK] = "stack",
};

static int resource_of(const char *text, size_t length) {
  for (int i = 0; i < (int)RLIM_NLIMITS; i++) {
    if (NAMES[i] != NULL && strlen(NAMES[i]) == length && memcmp(NAMES[i], text, length) == 0) return i;
  }
  return -1;
}

bool limits_parse(struct limits *limits, const char *text, struct failure *failure) {
  const char *equals = strchr(text, '=');
  if (equals == NULL) return refuse(failure, STEP, text);
  const int resource = resource_of(text, (size_t)(equals - text));
  unsigned long value;
  if (resource < 0 || !whole_number(equals + 1, ULONG_MAX, &value)) return refuse(failure, STEP, text);
  limits->given[resource] = true;
  limits->values[resource] = value;
  return true;
}

bool limits_apply(const struct limits *limits, struct failure *failure) {
  for (int i = 0; i < (int)RLIM_NLIMITS; i++) {
    if (!limits->given[i]) continue;
    const struct rlimit limit = {limits->values[i], limits->values[i]};
    if (setrlimit((__rlimit_resource_t)i, &limit) < 0) return fail(failure, STEP, NAMES[i]);
  }
  return true;
}
