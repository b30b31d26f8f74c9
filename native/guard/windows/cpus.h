#pragma once

#include "failure.h"
#include "processor_groups.h"

/** CPUs that the worker may use: in each processor group, as bits. */
struct cpus {
  const wchar_t *text;
  struct processor_groups machine;
  uint64_t masks[MOST_PROCESSOR_GROUPS];
  unsigned groups_used;
  /** One of those that are used. */
  unsigned group;
};

/** Reads a list of global numbers such as "0-3,8"; each must be there. */
bool cpus_parse(struct cpus *cpus, const wchar_t *text, struct failure *failure);

/** Binds a process that has not yet run to exactly these CPUs: by its own mask within one group, by its job across several. */
bool cpus_apply(const struct cpus *cpus, HANDLE process, HANDLE job, struct failure *failure);
