import { guardsOfOurs } from './guards-of-ours.js';
import { requireLinux } from './load.js';
import { asOsControl } from './os-control-error.js';
import { processes } from './processes.js';

/** Milliseconds for which a child has been ended before it is an orphan: Node asks about its own at once. */
const AGE = 1_000;

/** Ended children, by their numbers: their start times, and when they were first found ended. */
let ended = new Map<number, { startTime: number; since: number }>();

/**
 * Makes this process the parent of those below it whose own parent has ended (a child subreaper, see prctl(2)), or no
 * longer. Process 1 of a container is that anyway. It must then call `reapOrphans` from time to time.
 * OsControlError (ENOSYS) on Windows, which gives orphans to nobody: there a job keeps hold of them.
 */
export function adoptOrphans(adopt = true): void {
  const { binding } = requireLinux('adoptOrphans');
  asOsControl(() => binding.adoptOrphans(adopt));
}

/**
 * Lets the system forget adopted processes that have ended, and returns how many: to be called every second or so. Node
 * asks about its own children as soon as it hears of their end, so that one which has been ended for a second is an orphan,
 * unless the event loop is held up for as long; guards are left to who started them.
 */
export function reapOrphans(): number {
  const { binding } = requireLinux('reapOrphans');
  const found = new Map<number, { startTime: number; since: number }>();
  let reaped = 0;
  for (const pid of processes.childrenOf(process.pid)) {
    const stat = processes.statOf(pid);
    // Of a process with more threads, the first may have ended alone.
    if (stat?.state !== 'Z' || stat.threads > 1 || guardsOfOurs.has(pid)) continue;
    const known = ended.get(pid);
    const { startTime } = stat;
    const seen = known?.startTime === startTime ? known : { startTime, since: performance.now() };
    if (performance.now() - seen.since < AGE) found.set(pid, seen);
    else {
      asOsControl(() => binding.waitForExit(pid), { pid });
      reaped++;
    }
  }
  ended = found;
  return reaped;
}
