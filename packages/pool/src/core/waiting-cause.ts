import type { CoreState } from './core-state.js';

/**
 * Why a waiting task does not run. The first five hold for the queue as a whole, the others for the task's own place.
 * `pool-at-maximum`: every worker that may live does; `workers-busy`: the predicted wait does not yet justify another one.
 */
export type WaitingCause =
  | 'paused'
  | 'start-backoff'
  | 'cold-start'
  | 'pool-at-maximum'
  | 'workers-busy'
  | 'key-busy'
  | 'retry-backoff';

/** Why the tasks in the queue do not run. Told from what is, when asked: so it is never stale and costs nothing per task. */
export function causeOfQueue(core: CoreState): WaitingCause {
  const { workers, backoff } = core;
  if (core.paused) return 'paused';
  if (workers.starting.length > 0) return 'cold-start';
  if (workers.warm === 0 && backoff.until > core.now) return 'start-backoff';
  return core.places <= 0 ? 'pool-at-maximum' : 'workers-busy';
}

/** Why a waiting task does not run. */
export function causeOf(core: CoreState, task: number): WaitingCause {
  switch (core.waiting.placeOf(task)) {
    case 'lane':
      return 'key-busy';
    case 'delayed':
      return 'retry-backoff';
    default:
      return causeOfQueue(core);
  }
}

/** How many tasks wait for each reason. */
export function countCauses(core: CoreState): Partial<Record<WaitingCause, number>> {
  const { runnable, blocked, delayed } = core.waiting;
  return {
    ...(runnable > 0 && { [causeOfQueue(core)]: runnable }),
    ...(blocked > 0 && { 'key-busy': blocked }),
    ...(delayed > 0 && { 'retry-backoff': delayed }),
  };
}
