#include "os/memory_map.h"

#include <sys/mman.h>

#include <cerrno>

namespace ostler {

Result<void*> MapFile(int fd, size_t size) {
  void* address = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) return OsError{"mmap", errno};
  return address;
}

void UnmapFile(void* address, size_t size) { munmap(address, size); }

}  // namespace ostler
