import { constants } from 'node:os';
import { checkPid } from './check-pid.js';
import { asOsControl, OsControlError } from './os-control-error.js';
import { identityOf, processesBelow } from './proc.js';
import type { Reach } from './threads.js';

/**
 * Kills a process and everything below it. Each is stopped first, for a stopped one can start no other, until a look around
 * finds none that is new. What left the tree before (a daemon, whose parent is another one now) is not found: that takes a
 * guard or a control group. Throws an OsControlError: ESRCH for a process that is gone, EPERM for another user's.
 */
export function killTree(pid: number, { startTime }: Pick<Reach, 'startTime'> = {}): void {
  const all = stopTree(pid, startTime);
  for (const each of all) signalIfThere(each, 'SIGKILL');
}

/** Stops a process (SIGSTOP), with `tree` also everything below it. OsControlError as `killTree`. */
export function suspend(pid: number, { tree = false, startTime }: Reach = {}): void {
  if (tree) stopTree(pid, startTime);
  else signal(checkIdentity(pid, startTime), 'SIGSTOP');
}

/** Lets a stopped process go on (SIGCONT), with `tree` also everything below it. OsControlError as `killTree`. */
export function resume(pid: number, { tree = false, startTime }: Reach = {}): void {
  signal(checkIdentity(pid, startTime), 'SIGCONT');
  if (tree) for (const each of processesBelow(pid)) signalIfThere(each, 'SIGCONT');
}

function stopTree(pid: number, startTime: number | undefined): number[] {
  const stopped = [checkIdentity(pid, startTime)];
  signal(pid, 'SIGSTOP');
  for (;;) {
    const fresh = processesBelow(pid).filter((each) => !stopped.includes(each));
    if (fresh.length === 0) return stopped;
    for (const each of fresh) signalIfThere(each, 'SIGSTOP');
    stopped.push(...fresh);
  }
}

function checkIdentity(pid: number, startTime: number | undefined): number {
  if (startTime === undefined || identityOf(checkPid(pid)) === startTime) return checkPid(pid);
  throw new OsControlError({ syscall: 'kill', errno: constants.errno.ESRCH, pid });
}

function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    signal(pid, name);
  } catch (error) {
    if (!(error instanceof OsControlError) || error.errno !== constants.errno.ESRCH) throw error;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  asOsControl(() => process.kill(pid, name), { pid });
}
