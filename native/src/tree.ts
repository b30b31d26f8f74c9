import { constants } from 'node:os';
import { checkPid } from './check-pid.js';
import { OsControlError } from './os-control-error.js';
import { processes, processesBelow } from './processes.js';
import type { Reach } from './threads.js';

/**
 * Kills a process and everything below it. Each is stopped first, for a stopped one can start no other, until a look around
 * finds none that is new. What left the tree before (a daemon, whose parent is another one now) is not found: that takes a
 * guard or a control group. Throws an OsControlError: ESRCH for a process that is gone, EPERM for another user's.
 */
export function killTree(pid: number, { startTime }: Pick<Reach, 'startTime'> = {}): void {
  const all = stopTree(pid, startTime);
  for (const each of all) ifThere(() => processes.kill(each));
}

/** Stops a process (SIGSTOP, NtSuspendProcess), with `tree` also everything below it. OsControlError as `killTree`. */
export function suspend(pid: number, { tree = false, startTime }: Reach = {}): void {
  if (tree) stopTree(pid, startTime);
  else processes.stop(checkIdentity(pid, startTime));
}

/** Lets a stopped process go on (SIGCONT, NtResumeProcess), with `tree` also everything below it. OsControlError as `killTree`. */
export function resume(pid: number, { tree = false, startTime }: Reach = {}): void {
  processes.goOn(checkIdentity(pid, startTime));
  if (tree) for (const each of processesBelow(pid)) ifThere(() => processes.goOn(each));
}

function stopTree(pid: number, startTime: number | undefined): number[] {
  const stopped = [checkIdentity(pid, startTime)];
  processes.stop(pid);
  for (;;) {
    const fresh = processesBelow(pid).filter((each) => !stopped.includes(each));
    if (fresh.length === 0) return stopped;
    for (const each of fresh) ifThere(() => processes.stop(each));
    stopped.push(...fresh);
  }
}

function checkIdentity(pid: number, startTime: number | undefined): number {
  if (startTime === undefined || processes.identityOf(checkPid(pid)) === startTime) return checkPid(pid);
  throw new OsControlError({ syscall: processes.finds, errno: constants.errno.ESRCH, pid });
}

function ifThere(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof OsControlError) || error.errno !== constants.errno.ESRCH) throw error;
  }
}
