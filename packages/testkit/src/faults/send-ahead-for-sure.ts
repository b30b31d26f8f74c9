import { type CoreTuning, DEFAULT_TUNING } from '@ostler/pool/core';

/** Milliseconds of work that a worker may be committed to: more than any task of ours takes. */
const COMMITTED_TIME = 60_000;
/** Milliseconds that a head may run before what waits behind it is asked back: more than we are held up on a busy machine. */
const RECALL_AFTER = 200;

/**
 * From now on pools send tasks ahead as soon as they have seen one reply. As it is they learn how short tasks are, and on a
 * busy machine, where every wake-up takes long, they rightly find them too long.
 */
export function sendAheadForSure(): void {
  Object.assign<CoreTuning, Partial<CoreTuning>>(DEFAULT_TUNING, {
    committedTime: COMMITTED_TIME,
    recallAfter: RECALL_AFTER,
  });
}
