/**
 * ostler-guard: stands between a pool and a worker, and leaves nothing behind when either ends.
 *
 * It owns a job in which the worker is born, which nothing leaves, and which ends everything in it when the last handle of
 * it is closed. That handle is the guard's, so that not even the end of the guard itself leaves anything behind.
 */
#include "control.h"
#include "descriptors.h"
#include "job.h"
#include "options.h"
#include "parent.h"
#include "worker.h"

#include <string.h>

enum {
  /** The worker could not be started, as a shell would say it. */
  NOT_STARTED = 127,
  /** The exit code of what the guard ends, as a shell would say it of SIGKILL. */
  KILLED = 137,
};

struct guard {
  struct options options;
  struct descriptors descriptors;
  struct control control;
  struct job job;
  struct worker worker;
  HANDLE parent;
};

static int give_up(const struct guard *guard, const struct failure *failure) {
  control_failed(&guard->control, failure);
  return NOT_STARTED;
}

/** What is typed at the pool's console is not for the guard: it would end before it has ended what is below. */
static BOOL WINAPI ignore_console(DWORD event) {
  return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

static bool prepare(struct guard *guard, struct failure *failure) {
  SetConsoleCtrlHandler(ignore_console, TRUE);
  // Inherited: a fault is the end of a process, not a window that waits for a user.
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
  return parent_open(&guard->parent, failure) && job_open(&guard->job, &guard->options, failure);
}

/** Waits until the worker ends or is to be ended. */
static void stand_guard(const struct guard *guard) {
  HANDLE awaited[3];
  DWORD count = 0;
  awaited[count++] = guard->worker.process;
  awaited[count++] = guard->control.ending;
  if (guard->parent != NULL) awaited[count++] = guard->parent;
  WaitForMultipleObjects(count, awaited, FALSE, INFINITE);
}

/** All 32 bits of what the worker ended with: an NTSTATUS, where the system ended it. */
static DWORD exit_code(const struct guard *guard) {
  DWORD code = KILLED;
  if (WaitForSingleObject(guard->worker.process, 0) != WAIT_OBJECT_0) return KILLED;
  return GetExitCodeProcess(guard->worker.process, &code) ? code : KILLED;
}

static DWORD run(struct guard *guard, struct failure *failure) {
  if (!prepare(guard, failure)) return give_up(guard, failure);
  // The pool went before we came.
  if (guard->parent == NULL) return NOT_STARTED;
  if (!worker_start(&guard->worker, &guard->options, &guard->job, &guard->descriptors, failure)) {
    return give_up(guard, failure);
  }
  descriptors_close(&guard->descriptors);
  job_release_others(&guard->job);
  if (!control_started(&guard->control, guard->worker.pid, failure)) {
    job_end(&guard->job, KILLED);
    return NOT_STARTED;
  }
  stand_guard(guard);
  job_end(&guard->job, KILLED);
  return exit_code(guard);
}

static int tell_usage(void) {
  DWORD written;
  return !WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), USAGE, (DWORD)strlen(USAGE), &written, NULL);
}

int wmain(int count, wchar_t **arguments) {
  (void)count;
  static struct guard guard;
  struct failure failure;
  struct failure no_control;
  HANDLE pipe = NULL;
  const bool understood = options_parse(&guard.options, arguments, &failure);
  if (guard.options.help) return tell_usage();
  descriptors_read(&guard.descriptors);
  if (guard.options.control >= 0 &&
      !descriptors_take(&guard.descriptors, guard.options.control, &pipe, &no_control)) {
    return give_up(&guard, &no_control);
  }
  if (!control_open(&guard.control, pipe, &no_control)) return give_up(&guard, &no_control);
  if (!understood) return give_up(&guard, &failure);
  ExitProcess(run(&guard, &failure));
}
