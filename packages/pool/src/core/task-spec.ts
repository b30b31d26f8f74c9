import type { RetryCause } from './effects.js';

/** What the scheduler is told about a task. Times in milliseconds; the shell may pass a richer object. */
export interface TaskSpec {
  /** Size of the body. */
  readonly bytes: number;
  /** Higher first; first come, first served among equals. */
  readonly priority: number;
  /** Run time until the task is cancelled, or `Infinity`. */
  readonly timeout: number;
  /** Waiting time until the task is rejected, or `Infinity`. */
  readonly queueTimeout: number;
  /** Whose task it is; only looked at where tenants are isolated from each other. */
  readonly tenant: string;
  /** Tasks of one key run one at a time, in order. */
  readonly key: string | undefined;
  readonly retries: RetryPolicy | undefined;
  /** The sizes of the items when this is a batch: one unit in the queue until its items are drawn. */
  readonly batch: ArrayLike<number> | undefined;
}

/** A task of which nothing is asked but to be run: what is asked of others is named beside it. */
export const PLAIN_TASK: TaskSpec = {
  bytes: 1,
  priority: 0,
  timeout: Infinity,
  queueTimeout: Infinity,
  tenant: '',
  key: undefined,
  retries: undefined,
  batch: undefined,
};

export interface RetryPolicy {
  readonly attempts: number;
  readonly backoff: number;
  readonly on: readonly RetryCause[];
}
