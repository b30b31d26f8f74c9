#include "windows/cpu_set_masks.h"

#include "windows/last_error.h"
#include "windows/processor_groups.h"

namespace ostler {
namespace {

const char* const kSet = "SetProcessDefaultCpuSetMasks";

using SetMasksCall = BOOL(WINAPI*)(HANDLE, GROUP_AFFINITY*, USHORT);
using GetMasksCall = BOOL(WINAPI*)(HANDLE, GROUP_AFFINITY*, USHORT, USHORT*);

/// A call that older systems don't have, so that it can't be imported.
template <class Call>
Call Find(const char* name) {
  const HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
  return kernel == nullptr ? nullptr : reinterpret_cast<Call>(reinterpret_cast<void*>(GetProcAddress(kernel, name)));
}

}  // namespace

Status SetCpuSetMasks(HANDLE process, const std::vector<GROUP_AFFINITY>& masks) {
  const auto call = Find<SetMasksCall>(kSet);
  if (call == nullptr) return OsError{kSet, ERROR_PROC_NOT_FOUND};
  std::vector<GROUP_AFFINITY> given = masks;
  if (!call(process, given.empty() ? nullptr : given.data(), static_cast<USHORT>(given.size()))) return LastError(kSet);
  return std::nullopt;
}

std::vector<GROUP_AFFINITY> CpuSetMasks(HANDLE process) {
  const auto call = Find<GetMasksCall>("GetProcessDefaultCpuSetMasks");
  if (call == nullptr) return {};
  std::vector<GROUP_AFFINITY> masks(MOST_PROCESSOR_GROUPS);
  USHORT count = 0;
  if (!call(process, masks.data(), static_cast<USHORT>(masks.size()), &count)) return {};
  masks.resize(count);
  return masks;
}

}  // namespace ostler
