/* For a test: takes the active processors of each group as hexadecimal masks, and prints the place of every number, and the
 * number of every place, as `number group bit number`; then the number of all places that have none, which should be 0. */
#include "processor_groups.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  struct processor_groups groups = {0};
  for (int i = 1; i < count; i++) groups.active[groups.count++] = strtoull(arguments[i], NULL, 16);
  struct processor_place place;
  unsigned number = 0;
  for (; processor_place_of(&groups, number, &place); number++) {
    printf("%u %u %u %d\n", number, place.group, place.bit, processor_number_of(&groups, place));
  }
  unsigned without = 0;
  for (place.group = 0; place.group <= groups.count; place.group++) {
    for (place.bit = 0; place.bit <= 64; place.bit++) without += processor_number_of(&groups, place) < 0;
  }
  printf("%u\n", without);
}
