#include "os/shared_memory.h"

#include "windows/handle.h"
#include "windows/last_error.h"
#include "windows/text.h"

namespace ostler {
namespace {

Result<SharedMemory> View(Handle mapping, size_t size) {
  void* address = MapViewOfFile(mapping.get(), FILE_MAP_ALL_ACCESS, 0, 0, size);
  if (address == nullptr) return LastError("MapViewOfFile");
  return SharedMemory{address, mapping.release()};
}

}  // namespace

Result<SharedMemory> CreateSharedMemory(const std::string& name, size_t size) {
  const DWORD high = static_cast<DWORD>(static_cast<unsigned long long>(size) >> 32);
  Handle mapping(CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, high,
                                          static_cast<DWORD>(size & 0xffffffffu), ToWide(name).c_str()));
  if (!mapping) return LastError("CreateFileMappingW");
  if (GetLastError() == ERROR_ALREADY_EXISTS) return OsError{"CreateFileMappingW", ERROR_ALREADY_EXISTS};
  return View(std::move(mapping), size);
}

Result<SharedMemory> OpenSharedMemory(const std::string& name, size_t size) {
  Handle mapping(OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, ToWide(name).c_str()));
  if (!mapping) return LastError("OpenFileMappingW");
  return View(std::move(mapping), size);
}

void CloseSharedMemory(const SharedMemory& memory) {
  UnmapViewOfFile(memory.address);
  CloseHandle(memory.mapping);
}

}  // namespace ostler
