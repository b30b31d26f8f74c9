import { constants } from 'node:os';
import { OsControlError } from './os-control-error.js';
import { identityOf, processesBelow, threadsOf } from './proc.js';

/** Which processes and threads a call is about. */
export interface Reach {
  /** Also everything below the process. Default false. */
  readonly tree?: boolean | undefined;
  /** What `processInfo` said of the process: one of the same number that started at another time is left alone (ESRCH). */
  readonly startTime?: number | undefined;
}

/** How one thing is read and set of a thread; both throw an OsControlError. */
export interface ThreadAttribute<T> {
  get(thread: number): T;
  set(thread: number, value: T): void;
}

/**
 * Sets an attribute of every thread of a process, those included that are born meanwhile: a thread inherits from the one
 * that makes it, so that all have it when a look around finds none that is new. Where the system refuses, what was set
 * before is put back, and the refusal thrown; ESRCH for a process that is gone.
 */
export function setForThreads<T>(pid: number, value: T, { attribute, reach }: Change<T>): void {
  const before = new Map<number, T>();
  const seen = new Set<number>();
  try {
    for (;;) {
      const fresh = threadsIn(pid, reach).filter((thread) => !seen.has(thread));
      if (fresh.length === 0) return;
      for (const thread of fresh) {
        seen.add(thread);
        unlessEnded(() => {
          before.set(thread, attribute.get(thread));
          attribute.set(thread, value);
        });
      }
    }
  } catch (error) {
    for (const [thread, old] of before) unlessEnded(() => attribute.set(thread, old));
    throw error;
  }
}

/** The attribute that all threads of a process share, or undefined where they differ; ESRCH for one that is gone. */
export function getOfThreads<T>(
  pid: number,
  attribute: ThreadAttribute<T>,
  isSame: (a: T, b: T) => boolean,
): T | undefined {
  const [first, ...others] = threadsIn(pid, {}).flatMap((thread) => {
    const found: T[] = [];
    unlessEnded(() => found.push(attribute.get(thread)));
    return found;
  });
  if (first === undefined) throw gone(pid);
  return others.every((other) => isSame(other, first)) ? first : undefined;
}

interface Change<T> {
  readonly attribute: ThreadAttribute<T>;
  readonly reach: Reach;
}

function threadsIn(pid: number, { tree = false, startTime }: Reach): number[] {
  if (startTime !== undefined && identityOf(pid) !== startTime) throw gone(pid);
  const threads = threadsOf(pid);
  if (threads.length === 0) throw gone(pid);
  return tree ? [...threads, ...processesBelow(pid).flatMap(threadsOf)] : threads;
}

function gone(pid: number): OsControlError {
  return new OsControlError({ syscall: 'kill', errno: constants.errno.ESRCH, pid });
}

/** A thread may end at any time: that is no failure. */
function unlessEnded(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof OsControlError) || error.errno !== constants.errno.ESRCH) throw error;
  }
}
