#include "parent.h"

#include <tlhelp32.h>

static bool parent_pid(DWORD *pid, struct failure *failure) {
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (snapshot == INVALID_HANDLE_VALUE) return fail(failure, "CreateToolhelp32Snapshot", L"");
  PROCESSENTRY32W entry;
  entry.dwSize = sizeof entry;
  *pid = 0;
  for (BOOL more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
    if (entry.th32ProcessID == GetCurrentProcessId()) *pid = entry.th32ParentProcessID;
  }
  CloseHandle(snapshot);
  return true;
}

/** Whether it is older than we are: else the number is another's by now. */
static bool is_older(HANDLE process) {
  FILETIME its;
  FILETIME ours;
  FILETIME end;
  FILETIME kernel;
  FILETIME user;
  if (!GetProcessTimes(process, &its, &end, &kernel, &user)) return false;
  if (!GetProcessTimes(GetCurrentProcess(), &ours, &end, &kernel, &user)) return false;
  return CompareFileTime(&its, &ours) <= 0;
}

bool parent_open(HANDLE *parent, struct failure *failure) {
  DWORD pid;
  *parent = NULL;
  if (!parent_pid(&pid, failure)) return false;
  const HANDLE process = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
  // No process of that number.
  if (process == NULL && GetLastError() == ERROR_INVALID_PARAMETER) return true;
  if (process == NULL) return fail(failure, "OpenProcess", L"the parent");
  if (is_older(process)) *parent = process;
  else CloseHandle(process);
  return true;
}
