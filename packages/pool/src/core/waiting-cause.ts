import type { CoreState } from './core-state.js';
import type { Tenant } from './tenant.js';

/**
 * Why a waiting task does not run. The first six hold for the queue as a whole, that of the pool or of a tenant; the others for the task's own place.
 * `pool-at-maximum`: every worker that may live does; `workers-busy`: the predicted wait does not yet justify another one;
 * `other-tenants`: its tenant has no worker, and every place is that of another tenant, or of one that is leaving.
 */
export type WaitingCause =
  | 'paused'
  | 'start-backoff'
  | 'cold-start'
  | 'pool-at-maximum'
  | 'workers-busy'
  | 'other-tenants'
  | 'key-busy'
  | 'retry-backoff';

/** Why the tasks in the queue do not run. Told from what is, when asked: so it is never stale and costs nothing per task. */
export function causeOfQueue(core: CoreState, isServed = core.workers.warm > 0): WaitingCause {
  const { workers, backoff, tenants } = core;
  if (core.paused) return 'paused';
  if (workers.starting.length > 0) return 'cold-start';
  if (!isServed && backoff.until > core.now) return 'start-backoff';
  if (tenants !== undefined && !isServed) return 'other-tenants';
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
      return causeOfQueue(core, core.tenants && core.tenants.of(task).workers > 0);
  }
}

/** How many tasks wait for each reason. */
export function countCauses(core: CoreState): Partial<Record<WaitingCause, number>> {
  const { runnable, blocked, delayed } = core.waiting;
  const unserved = core.tenants === undefined ? 0 : runnable - waitingOf(core.tenants.served.keys());
  const counts: Partial<Record<WaitingCause, number>> = {
    ...(blocked > 0 && { 'key-busy': blocked }),
    ...(delayed > 0 && { 'retry-backoff': delayed }),
  };
  if (unserved > 0) counts[causeOfQueue(core, false)] = unserved;
  if (runnable > unserved) {
    const cause = core.tenants === undefined ? causeOfQueue(core) : causeOfQueue(core, true);
    counts[cause] = (counts[cause] ?? 0) + runnable - unserved;
  }
  return counts;
}

function waitingOf(tenants: Iterable<Tenant>): number {
  let sum = 0;
  for (const { waiting } of tenants) sum += waiting;
  return sum;
}
