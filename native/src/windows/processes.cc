#include "os/processes.h"

#include <windows.h>

#include <psapi.h>
#include <tlhelp32.h>

#include "windows/last_error.h"
#include "windows/live_process.h"
#include "windows/nt_calls.h"

namespace ostler {
namespace {

/// Times of Windows are in units of 100 ns, those of the calendar from the year 1601 on.
constexpr double kUnitsPerMs = 10'000;
constexpr double kUnixEpochMs = 11'644'473'600'000;

/// Of suspensions that one thread can have.
constexpr int kMostSuspensions = 127;

double MsOf(const FILETIME& time) {
  return (static_cast<double>(time.dwHighDateTime) * 4'294'967'296.0 + static_cast<double>(time.dwLowDateTime)) / kUnitsPerMs;
}

/// How often a thread is suspended. It is stopped for the moment that this takes.
Result<DWORD> SuspensionsOf(DWORD thread_id) {
  const Handle thread(OpenThread(THREAD_SUSPEND_RESUME, FALSE, thread_id));
  if (!thread) return LastError("OpenThread");
  const DWORD before = SuspendThread(thread.get());
  if (before == static_cast<DWORD>(-1)) return LastError("SuspendThread");
  ResumeThread(thread.get());
  return before;
}

}  // namespace

Result<std::vector<ProcessEntry>> AllProcesses() {
  const Handle snapshot(CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
  if (!snapshot) return LastError("CreateToolhelp32Snapshot");
  std::vector<ProcessEntry> found;
  PROCESSENTRY32W entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = Process32FirstW(snapshot.get(), &entry); more; more = Process32NextW(snapshot.get(), &entry)) {
    found.push_back(ProcessEntry{static_cast<int>(entry.th32ProcessID), static_cast<int>(entry.th32ParentProcessID),
                                 static_cast<int>(entry.cntThreads)});
  }
  return found;
}

Result<ProcessTimes> TimesOf(int pid) {
  const Result<Handle> process = OpenLive(pid, PROCESS_QUERY_LIMITED_INFORMATION);
  if (!process.ok()) return process.error();
  FILETIME start{};
  FILETIME end{};
  FILETIME kernel{};
  FILETIME user{};
  if (!GetProcessTimes(process.value().get(), &start, &end, &kernel, &user)) return LastError("GetProcessTimes");
  return ProcessTimes{MsOf(start) - kUnixEpochMs, MsOf(kernel) + MsOf(user)};
}

Result<ProcessMemory> MemoryOf(int pid) {
  const Result<Handle> process = OpenLive(pid, PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_VM_READ);
  if (!process.ok()) return process.error();
  PROCESS_MEMORY_COUNTERS_EX counters{};
  auto* plain = reinterpret_cast<PROCESS_MEMORY_COUNTERS*>(&counters);
  if (!GetProcessMemoryInfo(process.value().get(), plain, sizeof counters)) return LastError("GetProcessMemoryInfo");
  return ProcessMemory{counters.WorkingSetSize, counters.PeakWorkingSetSize, counters.PrivateUsage};
}

Status Suspend(int pid) {
  const Result<bool> is_suspended = IsSuspended(pid);
  if (!is_suspended.ok()) return is_suspended.error();
  if (is_suspended.value()) return std::nullopt;
  const Result<Handle> process = OpenLive(pid, PROCESS_SUSPEND_RESUME);
  if (!process.ok()) return process.error();
  return NtSuspend(process.value().get());
}

Status Resume(int pid) {
  const Result<Handle> process = OpenLive(pid, PROCESS_SUSPEND_RESUME);
  if (!process.ok()) return process.error();
  for (int i = 0; i < kMostSuspensions; i++) {
    const Result<bool> is_suspended = IsSuspended(pid);
    if (!is_suspended.ok()) return is_suspended.error();
    if (!is_suspended.value()) return std::nullopt;
    if (const Status refused = NtResume(process.value().get())) return refused;
  }
  return OsError{"NtResumeProcess", ERROR_BUSY};
}

Result<bool> IsSuspended(int pid) {
  // We run; and the thread that asks would wait for itself.
  if (static_cast<DWORD>(pid) == GetCurrentProcessId()) return false;
  const Result<Handle> process = OpenLive(pid, PROCESS_QUERY_LIMITED_INFORMATION);
  if (!process.ok()) return process.error();
  const Handle snapshot(CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
  if (!snapshot) return LastError("CreateToolhelp32Snapshot");
  THREADENTRY32 entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = Thread32First(snapshot.get(), &entry); more; more = Thread32Next(snapshot.get(), &entry)) {
    if (entry.th32OwnerProcessID != static_cast<DWORD>(pid)) continue;
    const Result<DWORD> suspensions = SuspensionsOf(entry.th32ThreadID);
    if (suspensions.ok() && suspensions.value() == 0) return false;
    // A thread may end while we look; all else says that the process can't be judged.
    if (!suspensions.ok() && suspensions.error().number == ERROR_ACCESS_DENIED) return suspensions.error();
  }
  return true;
}

Status Terminate(int pid, unsigned code) {
  const Result<Handle> process = OpenLive(pid, PROCESS_TERMINATE);
  if (!process.ok()) return process.error();
  if (!TerminateProcess(process.value().get(), code)) return LastError("TerminateProcess");
  return std::nullopt;
}

Result<int> OwnHandles() {
  return HandlesOf(GetCurrentProcessId());
}

}  // namespace ostler
