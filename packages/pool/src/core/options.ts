/** What the scheduler needs to know. Times are milliseconds; every number may be `Infinity` unless it is a count of workers. */
export interface CoreOptions {
  minWorkers: number;
  maxWorkers: number;
  /** Tasks that one worker really runs at once; above 1 nothing is sent ahead. */
  concurrency: number;
  sendAhead: boolean;
  idleTimeout: number;
  startTimeout: number;
  killGrace: number;
  maxQueueSize: number;
  maxQueueBytes: number;
  maxTasksPerWorker: number;
  maxWorkerLifetime: number;
  /** A worker serves one tenant only. */
  isolateTenants: boolean;
  /** Workers that may be starting at once, so that a burst is no storm of cold starts; the CPUs are a good number. */
  maxStarting: number;
}

/** A small pool in which nothing is limited and nothing ends by itself: tests, the explorer and benchmarks name what is different in theirs. */
export const BOUNDLESS: Readonly<CoreOptions> = {
  minWorkers: 1,
  maxWorkers: 2,
  concurrency: 1,
  sendAhead: false,
  idleTimeout: Infinity,
  startTimeout: Infinity,
  killGrace: Infinity,
  maxQueueSize: Infinity,
  maxQueueBytes: Infinity,
  maxTasksPerWorker: Infinity,
  maxWorkerLifetime: Infinity,
  isolateTenants: false,
  maxStarting: Infinity,
};

/** Constants of the scheduler, in one place so that the explorer can shrink them. Milliseconds unless said otherwise. */
export interface CoreTuning {
  /** A predicted wait above this starts another worker. */
  growthWait: number;
  /** Work that may be committed to one worker ahead of its replies. */
  committedTime: number;
  maxDepth: number;
  /** Bytes of bodies that may be committed to one worker behind the task that it runs. */
  committedBytes: number;
  /** What a byte of a body takes to reach a worker, about; that is hidden behind the task before. */
  transferTime: number;
  /** A head that runs longer than this gives the tasks behind it back, where the worker can prove that they wait. */
  recallAfter: number;
  firstBackoff: number;
  maxBackoff: number;
  /** Failed starts in a row, with no live worker, after which what waits is rejected. */
  maxStartFailures: number;
  /** Between two looks at a busy worker. */
  inspectInterval: number;
  /** Between two pings of an idle worker; one that is unanswered at the next is the end of it. */
  pingInterval: number;
  /** Looks in a row that found a worker stopped before it is given up. */
  stoppedLooks: number;
  /** After CANCEL, for a worker that can cancel; undefined for `killGrace`. */
  cancelGrace?: number | undefined;
  /** So long a tenant keeps its only worker while others wait without one, and an idle worker its place while others have too few. */
  tenantTurn: number;
  /** Times that a task may lose its worker before it was begun, until its worker's death is reported as the task's. */
  maxBounces: number;
  /** Ids count up from here; they go beyond 2^32, where the wire's numbers begin again. */
  firstTaskId: number;
}

export const DEFAULT_TUNING: Readonly<CoreTuning> = {
  growthWait: 25,
  committedTime: 1,
  maxDepth: 512,
  committedBytes: 1 << 20,
  transferTime: 2e-6,
  recallAfter: 20,
  firstBackoff: 100,
  maxBackoff: 30_000,
  maxStartFailures: 3,
  inspectInterval: 1_000,
  pingInterval: 5_000,
  stoppedLooks: 2,
  tenantTurn: 1_000,
  maxBounces: 3,
  firstTaskId: 1,
};
