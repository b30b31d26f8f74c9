// Memory that is shared with whoever holds the same file.
#pragma once

#include <cstddef>

#include "os/error.h"

namespace ostler {

/// Maps the first `size` bytes of an open file, to be read and written; see mmap(2).
Result<void*> MapFile(int fd, size_t size);

void UnmapFile(void* address, size_t size);

}  // namespace ostler
