import { constants } from 'node:os';
import { OsControlError } from './os-control-error.js';
import { processes, processesBelow } from './processes.js';

/** Which processes and threads a call is about. */
export interface Reach {
  /** Also everything below the process. Default false. */
  readonly tree?: boolean | undefined;
  /** What `processInfo` said of the process: one of the same number that started at another time is left alone (ESRCH). */
  readonly startTime?: number | undefined;
}

/** How one thing is read and set of a thread, on Windows of a process; both throw an OsControlError. */
export interface ThreadAttribute<T> {
  get(thread: number): T;
  set(thread: number, value: T): void;
  isSame(a: T, b: T): boolean;
}

/** A thread that is just being made may be on no list yet: one look that finds nothing to do is not enough. */
const QUIET_LOOKS = 2;
/** Somebody else sets another value all the time. */
const MOST_LOOKS = 1_000;

/**
 * Sets an attribute of every thread of a process, those included that are born meanwhile: a thread inherits from the one
 * that makes it, so that all have it when there is nothing left to set. Where the system refuses, what was set before is
 * put back, and the refusal thrown; ESRCH for a process that is gone.
 */
export function setForThreads<T>(pid: number, value: T, { attribute, reach }: Change<T>): void {
  const before = new Map<number, T>();
  try {
    for (let looks = 0, quiet = 0; quiet < QUIET_LOOKS; looks++) {
      const other = threadsIn(pid, reach).filter((thread) => setOne(thread, value, { attribute, before }));
      quiet = other.length === 0 ? quiet + 1 : 0;
      if (looks === MOST_LOOKS) throw new OsControlError({ syscall: 'read', errno: constants.errno.EAGAIN, pid });
    }
  } catch (error) {
    for (const [thread, old] of before) unlessEnded(() => attribute.set(thread, old));
    throw error;
  }
}

/** The attribute that all threads of a process share, or undefined where they differ; ESRCH for one that is gone. */
export function getOfThreads<T>(pid: number, attribute: ThreadAttribute<T>): T | undefined {
  const found: T[] = [];
  for (const thread of threadsIn(pid, {})) unlessEnded(() => found.push(attribute.get(thread)));
  const [first, ...others] = found;
  if (first === undefined) throw gone(pid);
  return others.every((other) => attribute.isSame(other, first)) ? first : undefined;
}

interface Change<T> {
  readonly attribute: ThreadAttribute<T>;
  readonly reach: Reach;
}

/** Whether it had another value. */
function setOne<T>(
  thread: number,
  value: T,
  { attribute, before }: { attribute: ThreadAttribute<T>; before: Map<number, T> },
): boolean {
  let differed = false;
  unlessEnded(() => {
    const old = attribute.get(thread);
    if (attribute.isSame(old, value)) return;
    if (!before.has(thread)) before.set(thread, old);
    attribute.set(thread, value);
    differed = true;
  });
  return differed;
}

function threadsIn(pid: number, { tree = false, startTime }: Reach): number[] {
  if (startTime !== undefined && processes.identityOf(pid) !== startTime) throw gone(pid);
  const threads = processes.scheduledIn(pid);
  if (threads.length === 0) throw gone(pid);
  return tree ? [...threads, ...processesBelow(pid).flatMap((each) => processes.scheduledIn(each))] : threads;
}

function gone(pid: number): OsControlError {
  return new OsControlError({ syscall: processes.finds, errno: constants.errno.ESRCH, pid });
}

/** A thread may end at any time: that is no failure. */
function unlessEnded(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof OsControlError) || error.errno !== constants.errno.ESRCH) throw error;
  }
}
