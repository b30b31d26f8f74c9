import type { OstlerError } from './errors.js';
import type { Retries } from './pool-options.js';

/** What a task is given; a string is UTF-8. */
export type Body = Uint8Array | string;

/** How one task is run. Times are milliseconds > 0 or `Infinity`. */
export interface RunOptions {
  /** Default 'default'. */
  handler?: string;
  signal?: AbortSignal;
  /** Run time. Default: the pool's `taskTimeout`. */
  timeout?: number;
  /** Waiting time. Default: the pool's. */
  queueTimeout?: number;
  /** Higher first; first come, first served among equals. A 32-bit integer, 0 by default. */
  priority?: number;
  /** Whose task it is; default ''. With isolation 'tenant' no other tenant's task is run in the same worker. */
  tenant?: string;
  /** Tasks of one key run one at a time, in order; others overtake them. */
  key?: string;
  idempotencyKey?: string;
  /** Default: the pool's. */
  retries?: Retries;
  metadata?: Readonly<Record<string, string>>;
  onProgress?: (value: unknown) => void;
  /** Called once, when the task settles. */
  onCost?: (cost: TaskCost) => void;
}

/** How a map runs its tasks. */
export type MapOptions = RunOptions & {
  /** Tasks on their way, replies that wait for their turn included. Default: 2 x `maxWorkers`. */
  inFlight?: number;
  /** Default true. */
  ordered?: boolean;
  /** 'throw' (the default) ends the map at the first failure, 'yield' gives an outcome for each item. */
  onError?: 'throw' | 'yield';
};

/** What a task has cost. Milliseconds and bytes; null where the system does not tell. */
export interface TaskCost {
  waitMs: number;
  runMs: number;
  /** CPU time of its worker from the sending to the reply: to 10 ms, or exactly where the worker has a control group. */
  cpuMs: number | null;
  /** The most that its worker ever had, up to now. */
  peakMemory: number | null;
  /** False where the worker had other tasks meanwhile, whose CPU time is in `cpuMs` too. */
  exact: boolean;
  attempt: number;
  workerId: number;
}

/** What became of one task. */
export type Outcome = { status: 'fulfilled'; value: Uint8Array } | { status: 'rejected'; reason: OstlerError };
