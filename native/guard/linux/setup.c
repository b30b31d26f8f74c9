#include "setup.h"

#include "groups.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/** Dies with the guard, which is single-threaded: the signal follows the thread that forked. */
static bool tie_to_guard(pid_t guard, struct failure *failure) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return fail(failure, "prctl", "PR_SET_PDEATHSIG");
  // It may have died before the call.
  if (getppid() != guard) _exit(127);
  return true;
}

static bool set_policy(const struct options *options, struct failure *failure) {
  if (options->policy < 0) return true;
  const struct sched_param none = {0};
  if (sched_setscheduler(0, options->policy, &none) == 0) return true;
  return fail(failure, "sched_setscheduler", options->policy == SCHED_IDLE ? "idle" : "batch");
}

static bool set_nice(const struct options *options, struct failure *failure) {
  if (!options->reniced || setpriority(PRIO_PROCESS, 0, options->nice) == 0) return true;
  return fail(failure, "setpriority", "nice");
}

static bool leave_session(struct failure *failure) { return setsid() >= 0 || fail(failure, "setsid", ""); }

static bool enter_folder(const char *cwd, struct failure *failure) {
  return cwd == NULL || chdir(cwd) == 0 || fail(failure, "chdir", cwd);
}

/** What the caller ignored or blocked is no business of the worker's. */
static void reset_signals(void) {
  for (int i = 1; i <= SIGRTMAX; i++) signal(i, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool set_up(struct options *options, pid_t guard, struct failure *failure) {
  const struct groups groups = {options->groups, options->group_count};
  return tie_to_guard(guard, failure) && groups_join(groups, failure) && limits_apply(&options->limits, failure) &&
         cpus_apply(&options->cpus, failure) && set_policy(options, failure) && set_nice(options, failure) &&
         leave_session(failure) && enter_folder(options->cwd, failure);
}

noreturn void become_worker(struct options *options, pid_t guard, int proof) {
  struct failure failure;
  if (set_up(options, guard, &failure)) {
    reset_signals();
    execvp(options->command[0], options->command);
    fail(&failure, "execve", options->command[0]);
    // The guard may be gone.
    signal(SIGPIPE, SIG_IGN);
  }
  ssize_t written;
  do written = write(proof, &failure, sizeof failure);
  while (written < 0 && errno == EINTR);
  _exit(127);
}
