#include "windows/nt_calls.h"

#include <algorithm>
#include <cstddef>
#include <vector>

extern "C" {
__declspec(dllimport) LONG NTAPI NtSuspendProcess(HANDLE process);
__declspec(dllimport) LONG NTAPI NtResumeProcess(HANDLE process);
__declspec(dllimport) LONG NTAPI NtQuerySystemInformation(int what, void* answer, ULONG bytes, ULONG* needed);
__declspec(dllimport) ULONG NTAPI RtlNtStatusToDosError(LONG status);
}

namespace ostler {
namespace {

Status StatusOf(const char* call, LONG status) {
  if (status >= 0) return std::nullopt;
  return OsError{call, static_cast<int>(RtlNtStatusToDosError(status))};
}

/// SystemExtendedHandleInformation, and what it gives.
constexpr int kAllHandles = 64;
constexpr LONG kTooShort = static_cast<LONG>(0xC0000004);

struct OpenHandle {
  void* object;
  ULONG_PTR pid;
  ULONG_PTR value;
  ULONG access;
  USHORT trace;
  USHORT type;
  ULONG attributes;
  ULONG reserved;
};

}  // namespace

Result<int> HandlesOf(DWORD pid) {
  constexpr size_t kHead = 2;  // their number, and a word that is reserved
  for (size_t words = 1 << 16; words <= size_t{1} << 26; words *= 2) {
    std::vector<ULONG_PTR> answer(words);
    const auto bytes = static_cast<ULONG>(words * sizeof answer[0]);
    const LONG status = NtQuerySystemInformation(kAllHandles, answer.data(), bytes, nullptr);
    if (status == kTooShort) continue;
    if (const Status refused = StatusOf("NtQuerySystemInformation", status)) return *refused;
    const auto* first = reinterpret_cast<const OpenHandle*>(answer.data() + kHead);
    const auto count = std::count_if(first, first + answer[0], [pid](const OpenHandle& each) { return each.pid == pid; });
    return static_cast<int>(count);
  }
  return OsError{"NtQuerySystemInformation", ERROR_NOT_ENOUGH_MEMORY};
}

Status NtSuspend(HANDLE process) { return StatusOf("NtSuspendProcess", NtSuspendProcess(process)); }

Status NtResume(HANDLE process) { return StatusOf("NtResumeProcess", NtResumeProcess(process)); }

}  // namespace ostler
