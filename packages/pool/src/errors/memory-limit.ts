import type { Exit } from '../exit.js';
import { outOfMemory } from './out-of-memory.js';

/** How a worker ended in respect of its limit of memory. In bytes. */
export interface MemoryEnd {
  /** Undefined for none. */
  readonly limit: number | undefined;
  /** What it had when it was killed for its limit; null where it was not. */
  readonly over: number | null;
  /** The most that it ever had, where that was counted. */
  readonly peak: number | null;
  /** Its runtime was told to keep its heap within the limit, so that a heap that is full has reached it, too. */
  readonly heapIsLimited: boolean;
}

/** The limit that a dead worker had reached, and what it used then; null where it did not die of that. */
export function reachedLimit(end: {
  exit: Exit;
  stderrTail: string;
  memory?: MemoryEnd;
}): { limit: number; used: number | null } | null {
  const { limit, over = null, peak = null, heapIsLimited = false } = end.memory ?? {};
  if (limit === undefined) return null;
  if (over !== null) return { limit, used: over };
  return heapIsLimited && outOfMemory(end.exit, end.stderrTail) === 'runtime' ? { limit, used: peak } : null;
}
