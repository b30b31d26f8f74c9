#include "processor_groups.h"

static unsigned count_bits(uint64_t mask) {
  unsigned count = 0;
  for (; mask != 0; mask &= mask - 1) count++;
  return count;
}

bool processor_place_of(const struct processor_groups *groups, unsigned number, struct processor_place *place) {
  unsigned left = number;
  for (unsigned group = 0; group < groups->count; group++) {
    const uint64_t active = groups->active[group];
    const unsigned here = count_bits(active);
    if (left >= here) {
      left -= here;
      continue;
    }
    unsigned bit = 0;
    while ((active >> bit & 1) == 0 || left-- > 0) bit++;
    place->group = group;
    place->bit = bit;
    return true;
  }
  return false;
}

int processor_number_of(const struct processor_groups *groups, struct processor_place place) {
  if (place.group >= groups->count || place.bit > 63) return -1;
  const uint64_t active = groups->active[place.group];
  if ((active >> place.bit & 1) == 0) return -1;
  unsigned before = count_bits(active & (((uint64_t)1 << place.bit) - 1));
  for (unsigned group = 0; group < place.group; group++) before += count_bits(groups->active[group]);
  return (int)before;
}
