import type { RetireReason, WaitingCause } from './core/index.js';

/** Milliseconds over the last minute. */
export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** A pool at one moment, as `stats()` gives it. */
export interface PoolStats {
  state: 'running' | 'paused' | 'closing' | 'closed';
  profile: string | null;
  workers: { total: number; starting: number; idle: number; busy: number; stopping: number };
  /** `causes`: why waiting tasks do not run, and how many wait for each reason. */
  queue: { size: number; bytes: number; oldestMs: number; causes: Partial<Record<WaitingCause, number>> };
  /** `submitted` is the sum of `queue.size`, `running` and every way in which a task ends; `retried` counts attempts. */
  tasks: {
    submitted: number;
    running: number;
    succeeded: number;
    failed: number;
    crashed: number;
    timedOut: number;
    aborted: number;
    rejected: number;
    retried: number;
  };
  /** Processes, since construction. */
  started: number;
  crashes: number;
  retired: Record<RetireReason, number>;
  /** CPUs used during the last second; null where that is not known (yet). */
  cpuCores: number | null;
  latency: { wait: Percentiles; run: Percentiles };
  workerList: WorkerStats[];
}

/** One live worker. `tenant` is the one that it serves, null while it is nobody's. Times: `startedAt` in Unix milliseconds, `ageMs` since its task was begun; `rss` in bytes: of all
 * that the worker started, too, where a control group counts it. */
export interface WorkerStats {
  id: number;
  slot: number;
  pid: number;
  state: string;
  tenant: string | null;
  tasks: number;
  startedAt: number;
  rss: number | null;
  task: { id: number; handler: string; tenant: string; ageMs: number } | null;
}
