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

/** The cause of a place outside the queue. */
export const CAUSE_OF_PLACE = { lane: 'key-busy', delayed: 'retry-backoff' } as const satisfies Record<
  string,
  WaitingCause
>;
