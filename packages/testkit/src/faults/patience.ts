import { setTimeout } from 'node:timers/promises';

/** Milliseconds after which what has not happened will not happen any more. */
const PATIENCE = 45_000;

/** True once the promise is kept; false if it takes too long. */
export async function within(promise: Promise<unknown>): Promise<boolean> {
  const waiting = new AbortController();
  const kept = await Promise.race([promise.then(() => true), setTimeout(PATIENCE, false, waiting).catch(() => false)]);
  waiting.abort();
  return kept;
}
