#pragma once

#include "failure.h"

#include <stdbool.h>
#include <sys/resource.h>

/** Resource limits by their numbers (RLIMIT_AS, …); soft and hard are the same. */
struct limits {
  bool given[RLIM_NLIMITS];
  rlim_t values[RLIM_NLIMITS];
};

/** Adds a limit such as "nproc=64". */
bool limits_parse(struct limits *limits, const char *text, struct failure *failure);

/** Sets the limits for the calling process and what it starts. */
bool limits_apply(const struct limits *limits, struct failure *failure);
