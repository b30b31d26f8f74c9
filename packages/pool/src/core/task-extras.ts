import type { RetryPolicy, TaskSpec } from './task-spec.js';

const NONE = -1;

/** What only some tasks have, kept out of the columns so that the common task stays small. */
export interface TaskExtras {
  key: string | undefined;
  retries: RetryPolicy | undefined;
  /** An earlier attempt may have begun. */
  begun: boolean;
  /** Attempts that were charged to the task, crashes among them. */
  failures: number;
  crashes: number;
  /** Uncharged losses of a worker as the next in line, before the task had begun. */
  bounces: number;
  /** Where it waits while it is queued. */
  place: 'queue' | 'lane' | 'delayed';
  /** Its run time was over, so its worker leaves for `timeout` if it does not let go. */
  timedOut: boolean;
  /** It was cancelled by its time-out but will run again when the worker lets go of it. */
  retryWhenReleased: boolean;
  /** The `count` items of a batch, of which the first `drawn` have a life of their own and `live` of those have not ended. */
  sizes: ArrayLike<number> | undefined;
  count: number;
  drawn: number;
  live: number;
  /** The batch that the task was drawn from, or -1. */
  batch: number;
}

export function newTaskExtras(spec: Pick<TaskSpec, 'key' | 'retries' | 'batch'>): TaskExtras {
  return {
    key: spec.key,
    retries: spec.retries,
    begun: false,
    failures: 0,
    crashes: 0,
    bounces: 0,
    place: 'queue',
    timedOut: false,
    retryWhenReleased: false,
    sizes: spec.batch,
    count: spec.batch?.length ?? 0,
    drawn: 0,
    live: 0,
    batch: NONE,
  };
}
