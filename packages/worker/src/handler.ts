import type { Task } from './task.js';

/** A handler: gets the input and the task; what it returns, resolves to, or generates is the reply. */
// biome-ignore lint/suspicious/noExplicitAny: any function may be a handler; what it takes is between it and its callers.
export type Handler = (input: any, task: Task) => unknown;

export type Handlers = Record<string, Handler>;

/** What runs before the first task and after the last one; both may be async. */
export interface Hooks {
  /** Gets the pool's `initData`. READY is sent after it: a ready worker is a warm one. If it throws, the start has failed. */
  // biome-ignore lint/suspicious/noExplicitAny: the data is what the pool's options say, checked by nobody here.
  init?(data: any, info: WorkerInfo): unknown;
  /** Runs when the pool has closed the channel and the last task is done. */
  close?(): unknown;
}

export interface WorkerInfo {
  /** The lowest number that no other live worker of the pool has: for GPUs, ports, scratch folders. */
  readonly slot: number;
  /** Never used again for another worker of the pool. */
  readonly workerId: number;
}
