#include "job.h"

#include <string.h>

enum {
  /** How long a process may take to end, when a driver holds it. */
  PATIENCE_MS = 1000,
  /** Without news for so long, we look ourselves: of jobs, not all is told. */
  PAUSE_MS = 5,
};

static bool make_own(struct job *job, struct failure *failure) {
  static const DWORD LIMITS = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
  JOBOBJECT_ASSOCIATE_COMPLETION_PORT port;
  memset(&limits, 0, sizeof limits);
  memset(&port, 0, sizeof port);
  job->own = CreateJobObjectW(NULL, NULL);
  if (job->own == NULL) return fail(failure, "CreateJobObjectW", L"");
  limits.BasicLimitInformation.LimitFlags = LIMITS;
  if (!SetInformationJobObject(job->own, JobObjectExtendedLimitInformation, &limits, sizeof limits)) {
    return fail(failure, "SetInformationJobObject", L"JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE");
  }
  job->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
  if (job->port == NULL) return fail(failure, "CreateIoCompletionPort", L"");
  port.CompletionPort = job->port;
  const JOBOBJECTINFOCLASS what = JobObjectAssociateCompletionPortInformation;
  if (!SetInformationJobObject(job->own, what, &port, sizeof port)) {
    return fail(failure, "SetInformationJobObject", L"JobObjectAssociateCompletionPortInformation");
  }
  job->all[job->count++] = job->own;
  return true;
}

bool job_open(struct job *job, const struct options *options, struct failure *failure) {
  memset(job, 0, sizeof *job);
  for (unsigned i = 0; i < options->job_count; i++) {
    const DWORD rights = JOB_OBJECT_ASSIGN_PROCESS | JOB_OBJECT_QUERY;
    job->all[i] = OpenJobObjectW(rights, FALSE, options->jobs[i]);
    if (job->all[i] == NULL) return fail(failure, "OpenJobObjectW", options->jobs[i]);
    job->count++;
  }
  return make_own(job, failure);
}

bool job_holds(const struct job *job, HANDLE process, struct failure *failure) {
  for (unsigned i = 0; i < job->count; i++) {
    BOOL is_in = FALSE;
    if (!IsProcessInJob(process, job->all[i], &is_in)) return fail(failure, "IsProcessInJob", L"");
    if (!is_in) return refuse(failure, ERROR_NOT_SUPPORTED, "IsProcessInJob", L"");
  }
  return true;
}

bool job_assign(const struct job *job, const struct options *options, HANDLE process, struct failure *failure) {
  for (unsigned i = 0; i < job->count; i++) {
    const wchar_t *name = i < options->job_count ? options->jobs[i] : L"the guard's own job";
    if (!AssignProcessToJobObject(job->all[i], process)) return fail(failure, "AssignProcessToJobObject", name);
  }
  return true;
}

void job_release_others(struct job *job) {
  for (unsigned i = 0; i + 1 < job->count; i++) CloseHandle(job->all[i]);
  job->all[0] = job->own;
  job->count = 1;
}

static DWORD members(const struct job *job) {
  JOBOBJECT_BASIC_PROCESS_ID_LIST list;
  memset(&list, 0, sizeof list);
  const BOOL told = QueryInformationJobObject(job->own, JobObjectBasicProcessIdList, &list, sizeof list, NULL);
  // The list has room for one; how many there are is told all the same.
  return told || GetLastError() == ERROR_MORE_DATA ? list.NumberOfAssignedProcesses : 0;
}

void job_end(struct job *job, UINT code) {
  ULONGLONG last_news = GetTickCount64();
  DWORD left = members(job);
  while (left > 0 && GetTickCount64() - last_news <= PATIENCE_MS) {
    DWORD message;
    ULONG_PTR key;
    OVERLAPPED *pid;
    TerminateJobObject(job->own, code);
    GetQueuedCompletionStatus(job->port, &message, &key, &pid, PAUSE_MS);
    const DWORD now = members(job);
    if (now < left) last_news = GetTickCount64();
    left = now;
  }
}
