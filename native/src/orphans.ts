import { guardsOfOurs } from './guards-of-ours.js';
import { requireAddon } from './load.js';
import { asOsControl } from './os-control-error.js';
import { childrenOf, statOf } from './proc.js';

/** Ended children that were there at the last look, with their start times. */
let endedBefore = new Map<number, number>();

/**
 * Makes this process the parent of those below it whose own parent has ended (a child subreaper, see prctl(2)), or no
 * longer. Process 1 of a container is that anyway. It must then call `reapOrphans` from time to time.
 */
export function adoptOrphans(adopt = true): void {
  const { binding } = requireAddon('adoptOrphans');
  asOsControl(() => binding.adoptOrphans(adopt));
}

/**
 * Lets the system forget adopted processes that have ended, and returns how many: to be called every second or so. Node
 * asks about its own children as soon as it hears of their end, so that one which was found ended by the call before, too,
 * in an earlier turn of the event loop, is an orphan; guards are left to who started them.
 */
export function reapOrphans(): number {
  const { binding } = requireAddon('reapOrphans');
  const ended = new Map<number, number>();
  let reaped = 0;
  for (const pid of childrenOf(process.pid)) {
    const stat = statOf(pid);
    if (stat?.state !== 'Z' || guardsOfOurs.has(pid)) continue;
    if (endedBefore.get(pid) === stat.startTime) {
      asOsControl(() => binding.waitForExit(pid), { pid });
      reaped++;
    } else ended.set(pid, stat.startTime);
  }
  endedBefore = ended;
  return reaped;
}
