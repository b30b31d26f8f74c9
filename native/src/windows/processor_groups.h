/**
 * Global numbers of processors. Windows has them in groups of at most 64 and names each by its group and a bit; we count
 * those that are active, group after group, from 0: where there is one group, the number is the bit. Pure, and C, so that
 * the addon and the guard share it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { MOST_PROCESSOR_GROUPS = 64 };

/** The active processors of each group, as bits. */
struct processor_groups {
  unsigned count;
  uint64_t active[MOST_PROCESSOR_GROUPS];
};

struct processor_place {
  unsigned group;
  unsigned bit;
};

/** Where the processor of a number is; false where there is none. */
bool processor_place_of(const struct processor_groups *groups, unsigned number, struct processor_place *place);

/** The number of the processor of a place; -1 where there is none that is active. */
int processor_number_of(const struct processor_groups *groups, struct processor_place place);

#ifdef __cplusplus
}
#endif
