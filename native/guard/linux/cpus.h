#pragma once

#include "failure.h"

#include <stddef.h>

/** CPUs by number, as large as the largest number asks for. */
struct cpus {
  const char *text;
  size_t bytes;
  unsigned long *asked;
  unsigned long *given;
};

/** Reads a list such as "0-3,8". */
bool cpus_parse(struct cpus *cpus, const char *text, struct failure *failure);

/** Binds the calling thread and what it starts to exactly these CPUs. */
bool cpus_apply(struct cpus *cpus, struct failure *failure);
