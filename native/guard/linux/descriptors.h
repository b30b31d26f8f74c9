#pragma once

#include <stddef.h>

/** Opens /dev/null for those of the standard three that are closed, so that nothing of ours gets their numbers. */
void descriptors_fill_standard(void);

/** Makes the standard three /dev/null and closes all the others but `kept` (sorted here; negative ones are passed over). */
void descriptors_keep_only(int *kept, size_t count);
