// Memory that is shared by its name with other processes of the same user. Windows only: Linux maps files (memory_map.h).
#pragma once

#include <cstddef>
#include <string>

#include "os/error.h"

namespace ostler {

struct SharedMemory {
  void* address;
  /// What keeps its name.
  void* mapping;
};

/// New memory of zeros: ERROR_ALREADY_EXISTS for a name that is in use. It lives as long as anybody has it open.
Result<SharedMemory> CreateSharedMemory(const std::string& name, size_t size);

/// ERROR_FILE_NOT_FOUND for a name that nobody has open, ERROR_ACCESS_DENIED for more bytes than there are.
Result<SharedMemory> OpenSharedMemory(const std::string& name, size_t size);

void CloseSharedMemory(const SharedMemory& memory);

}  // namespace ostler
