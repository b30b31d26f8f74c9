#include "worker.h"

#include "program.h"

#include <stdlib.h>
#include <string.h>

static const char STEP[] = "CreateProcessW";

/** As the C library of Visual C++ has it; the first Windows that can is 10. */
static const DWORD_PTR JOB_LIST = 0x0002000D;
static const DWORD_PTR GROUP_OF_THREAD = 0x00030003;

/** What a start takes. */
struct start {
  const struct options *options;
  const struct job *job;
  wchar_t *program;
  wchar_t *command;
  STARTUPINFOEXW startup;
  GROUP_AFFINITY group;
  PROCESS_INFORMATION made;
};

static bool add_attributes(struct start *start, bool in_jobs, struct failure *failure) {
  static char room[1024];
  SIZE_T bytes = sizeof room;
  LPPROC_THREAD_ATTRIBUTE_LIST list = (LPPROC_THREAD_ATTRIBUTE_LIST)(void *)room;
  if (!InitializeProcThreadAttributeList(list, 2, 0, &bytes)) {
    return fail(failure, "InitializeProcThreadAttributeList", L"");
  }
  const SIZE_T jobs_size = start->job->count * sizeof *start->job->all;
  if (in_jobs && !UpdateProcThreadAttribute(list, 0, JOB_LIST, (void *)start->job->all, jobs_size, NULL, NULL)) {
    return fail(failure, "UpdateProcThreadAttribute", L"PROC_THREAD_ATTRIBUTE_JOB_LIST");
  }
  const struct cpus *cpus = &start->options->cpus;
  // Where there are more groups, a mask alone says CPUs of the group that the process happens to be in.
  if (cpus->text != NULL && cpus->machine.count > 1) {
    start->group.Group = (WORD)cpus->group;
    start->group.Mask = (KAFFINITY)cpus->masks[cpus->group];
    if (!UpdateProcThreadAttribute(list, 0, GROUP_OF_THREAD, &start->group, sizeof start->group, NULL, NULL)) {
      return fail(failure, "UpdateProcThreadAttribute", L"PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY");
    }
  }
  start->startup.lpAttributeList = list;
  return true;
}

static bool create(struct start *start, bool in_jobs, struct failure *failure) {
  if (!add_attributes(start, in_jobs, failure)) return false;
  const DWORD flags = CREATE_SUSPENDED | CREATE_NEW_PROCESS_GROUP | EXTENDED_STARTUPINFO_PRESENT |
                      start->options->priority;
  const BOOL made = CreateProcessW(start->program, start->command, NULL, NULL, TRUE, flags, NULL, NULL,
                                   &start->startup.StartupInfo, &start->made);
  return made || fail(failure, STEP, start->options->file);
}

/**
 * Born in its jobs, so that nothing is left of it even if we are killed at this moment. Where Windows refuses that, we
 * take the second way, in which it tells what it did not like.
 */
static bool create_in_jobs(struct start *start, struct failure *failure) {
  if (create(start, true, failure)) return job_holds(start->job, start->made.hProcess, failure);
  return create(start, false, failure) && job_assign(start->job, start->options, start->made.hProcess, failure);
}

static bool set_priority(const struct options *options, HANDLE process, struct failure *failure) {
  if (options->priority == 0) return true;
  if (!SetPriorityClass(process, options->priority)) return fail(failure, "SetPriorityClass", L"");
  // Without the privilege for the highest, Windows gives the next lower one and says nothing.
  if (GetPriorityClass(process) == options->priority) return true;
  return refuse(failure, ERROR_PRIVILEGE_NOT_HELD, "SetPriorityClass", L"");
}

static bool set_up(struct start *start, struct failure *failure) {
  if (!create_in_jobs(start, failure)) return false;
  if (!cpus_apply(&start->options->cpus, start->made.hProcess, start->job->own, failure)) return false;
  if (!set_priority(start->options, start->made.hProcess, failure)) return false;
  return ResumeThread(start->made.hThread) != (DWORD)-1 || fail(failure, "ResumeThread", L"");
}

static bool enter_folder(const wchar_t *cwd, struct failure *failure) {
  return cwd == NULL || SetCurrentDirectoryW(cwd) || fail(failure, "SetCurrentDirectoryW", cwd);
}

bool worker_start(struct worker *worker, const struct options *options, const struct job *job,
                  struct descriptors *descriptors, struct failure *failure) {
  static wchar_t program[LONGEST_PATH];
  static struct start start;
  if (!enter_folder(options->cwd, failure) || !program_find(options->file, program, failure)) return false;
  start.options = options;
  start.job = job;
  start.program = program;
  // CreateProcessW writes into it.
  start.command = _wcsdup(options->command);
  start.startup.StartupInfo = descriptors->startup;
  start.startup.StartupInfo.cb = sizeof start.startup;
  start.startup.StartupInfo.lpDesktop = NULL;
  start.startup.StartupInfo.lpTitle = NULL;
  const bool running = set_up(&start, failure);
  if (!running && start.made.hProcess != NULL) TerminateProcess(start.made.hProcess, 1);
  if (!running) return false;
  CloseHandle(start.made.hThread);
  worker->process = start.made.hProcess;
  worker->pid = start.made.dwProcessId;
  return true;
}
