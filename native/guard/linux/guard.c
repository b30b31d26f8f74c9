/**
 * ostler-guard: stands between a pool and a worker, and leaves nothing behind when either ends.
 *
 * It is the subreaper of everything below: a process whose parent ends becomes the guard's child, however often it
 * forked or which session it made. So when the guard has no child left, nothing is left, and no privilege is needed.
 */
#include "autogroup.h"
#include "control.h"
#include "descendants.h"
#include "descriptors.h"
#include "groups.h"
#include "options.h"
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  /** The worker could not be started, as a shell would say it. */
  NOT_STARTED = 127,
  /** How long a killed process may take to end, when it is in an uninterruptible wait. */
  PATIENCE_MS = 1000,
  /** Without news for so long, the tree is walked again. */
  PAUSE_MS = 5,
  /** The kernel's own measure for autogroup_renice(). */
  RENICE_AGAIN_MS = 110,
};

struct guard {
  struct options options;
  struct control control;
  struct groups groups;
  struct worker worker;
  pid_t parent;
  int signals;
  /** The worker is to be ended now. */
  bool ending;
  bool failed;
  bool renice_session;
};

static bool prepare(struct guard *guard, struct failure *failure) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  // Not ignored, or children would leave no status; and no news of children that are only stopped.
  const struct sigaction children = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP};
  sigaction(SIGCHLD, &children, NULL);
  guard->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  if (guard->signals < 0) return fail(failure, "signalfd", "");
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) return fail(failure, "prctl", "PR_SET_CHILD_SUBREAPER");
  return true;
}

/** How the end of the caller is noticed: by the control socket, or else by a signal. */
static bool watch_parent(struct guard *guard, struct failure *failure) {
  if (guard->control.fd >= 0) {
    // What is sent to the pool's process group, such as Ctrl-C or the kill of a whole job, is not for the guard: it
    // would end it before it has ended what is below. Refused to a group's leader, who has left already.
    setsid();
    return true;
  }
  guard->parent = getppid();
  // Not TERM: that is forwarded. It comes also when only the thread ended that started us, so getppid() decides.
  if (prctl(PR_SET_PDEATHSIG, SIGRTMIN) < 0) return fail(failure, "prctl", "PR_SET_PDEATHSIG");
  if (getppid() != guard->parent) guard->ending = true;
  return true;
}

/** What is the worker's is its alone: as long as the guard held a pipe too, its reader would never see the end. */
static void release_descriptors(const struct guard *guard) {
  int kept[] = {guard->control.fd, guard->signals};
  descriptors_keep_only(kept, sizeof kept / sizeof *kept);
}

static void renice_session(struct guard *guard) {
  const int nice = guard->options.policy == SCHED_IDLE ? 19 : guard->options.nice;
  if (guard->renice_session) guard->renice_session = !autogroup_renice(guard->worker.pid, nice);
}

static void take_proof(struct guard *guard) {
  struct failure failure;
  if (worker_proven(&guard->worker, &failure)) {
    release_descriptors(guard);
    guard->renice_session = guard->options.reniced || guard->options.policy == SCHED_IDLE;
    renice_session(guard);
    control_started(&guard->control, guard->worker.pid);
    return;
  }
  control_failed(&guard->control, &failure);
  guard->failed = true;
  guard->ending = true;
}

/** Takes the status of every process that has ended, adopted ones too. False where no child is left. */
static bool reap(struct guard *guard, bool *news) {
  for (;;) {
    int status;
    // __WALL: a clone() may have chosen another signal than SIGCHLD for its end.
    const pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);
    if (pid < 0 && errno == EINTR) continue;
    if (pid <= 0) return pid == 0;
    *news = true;
    if (pid != guard->worker.pid) continue;
    guard->worker.exited = true;
    guard->worker.status = status;
  }
}

static void signal_worker(const struct guard *guard, int signal) {
  // Until it has its own group there is only the process.
  if (kill(-guard->worker.pid, signal) < 0 && errno == ESRCH) kill(guard->worker.pid, signal);
}

static void take_signal(struct guard *guard, int signal) {
  if (signal == SIGCHLD) {
    bool news;
    reap(guard, &news);
  } else if (signal == SIGRTMIN && guard->parent > 0) {
    if (getppid() != guard->parent) guard->ending = true;
  } else if (signal != SIGPIPE && !guard->worker.exited) {
    kill(guard->worker.pid, signal);
  }
}

static void take_signals(struct guard *guard) {
  struct signalfd_siginfo info;
  while (read(guard->signals, &info, sizeof info) == sizeof info) take_signal(guard, (int)info.ssi_signo);
}

static void take_orders(struct guard *guard) {
  struct order order;
  control_read(&guard->control);
  while (control_next(&guard->control, &order)) {
    if (order.what == ORDER_KILL) guard->ending = true;
    else if (!guard->worker.exited) signal_worker(guard, order.signal);
  }
  if (guard->control.ended) guard->ending = true;
}

static void stand_guard(struct guard *guard) {
  while (!guard->worker.exited && !guard->ending) {
    struct pollfd ready[] = {
        {.fd = guard->signals, .events = POLLIN},
        {.fd = guard->control.fd, .events = POLLIN},
        {.fd = guard->worker.proof, .events = POLLIN},
    };
    const int woken = poll(ready, sizeof ready / sizeof *ready, guard->renice_session ? RENICE_AGAIN_MS : -1);
    if (woken == 0) renice_session(guard);
    if (woken <= 0) continue;
    if (ready[2].revents != 0) take_proof(guard);
    if (ready[0].revents != 0) take_signals(guard);
    if (ready[1].revents != 0) take_orders(guard);
  }
  // A short life: it ended before its proof was looked at.
  if (guard->worker.exited && guard->worker.proof >= 0) take_proof(guard);
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool child_ended_within(long ms) {
  const struct timespec most = {.tv_nsec = ms * 1000000};
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  return sigtimedwait(&children, NULL, &most) == SIGCHLD;
}

/** Kills everything below and reaps it. Gives up on what does not die though it gets to run, when nothing else has for a second. */
static void end_all(struct guard *guard) {
  struct descendants descendants = {0};
  long last_news = now_ms();
  for (;;) {
    bool news = false;
    bool left = reap(guard, &news);
    if (left || guard->groups.count > 0) {
      groups_kill_whole(guard->groups);
      descendants_stop(&descendants);
      left = groups_kill_members(guard->groups) || left;
      descendants_kill(&descendants);
    }
    if (!left) return;
    do left = reap(guard, &news);
    while (left && child_ended_within(PAUSE_MS));
    if (news) last_news = now_ms();
    if (now_ms() - last_news <= PATIENCE_MS) continue;
    // The killed end as soon as they get a CPU, for which one of low priority may wait long on a busy machine.
    if (!descendants_want_cpu(&descendants)) return;
    last_news = now_ms();
  }
}

/** Ends as the worker did. */
static int exit_as(const struct guard *guard) {
  if (guard->failed) return NOT_STARTED;
  // What could not be waited for has been killed.
  const int status = guard->worker.exited ? guard->worker.status : SIGKILL;
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  // The core that is worth reading is the worker's.
  prctl(PR_SET_DUMPABLE, 0);
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  // Only where the guard is the first process of its pid namespace, which signals of its own don't end.
  return 128 + WTERMSIG(status);
}

static int give_up(struct guard *guard, const struct failure *failure) {
  control_failed(&guard->control, failure);
  return NOT_STARTED;
}

/** Whether the pool is gone, which it may be since the worker's end. */
static bool pool_ended(struct guard *guard) {
  struct pollfd ready = {.fd = guard->control.fd, .events = POLLIN};
  while (!guard->control.ended && poll(&ready, 1, 0) > 0) control_read(&guard->control);
  return guard->control.ended;
}

static int run(struct guard *guard, struct failure *failure) {
  if (!prepare(guard, failure) || !watch_parent(guard, failure)) return give_up(guard, failure);
  if (guard->ending) return NOT_STARTED;
  if (!worker_start(&guard->worker, &guard->options, failure)) return give_up(guard, failure);
  stand_guard(guard);
  end_all(guard);
  if (pool_ended(guard)) groups_remove(guard->groups);
  return exit_as(guard);
}

int main(int count, char **arguments) {
  (void)count;
  struct guard guard = {.worker.proof = -1};
  struct failure failure;
  descriptors_fill_standard();
  const bool understood = options_parse(&guard.options, arguments, &failure);
  if (guard.options.help) return write(STDOUT_FILENO, USAGE, strlen(USAGE)) < 0;
  struct failure no_control;
  if (!control_open(&guard.control, guard.options.control, &no_control)) return give_up(&guard, &no_control);
  if (!understood) return give_up(&guard, &failure);
  guard.groups = (struct groups){guard.options.groups, guard.options.group_count};
  return run(&guard, &failure);
}
