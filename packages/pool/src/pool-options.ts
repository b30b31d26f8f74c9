import type { Size } from './size.js';

/** What workers a pool has, how many, and within which limits. Times are milliseconds > 0 or `Infinity`. */
export interface PoolOptions {
  /** The executable and its arguments. Never a shell: .cmd and .bat files are refused. */
  command?: readonly [file: string, ...args: string[]];
  /** Instead of `command`: a Node module, as an absolute path or a URL, run by a shipped host. */
  worker?: URL | string;
  /** In errors, logs and metrics. Default: the base name of the worker's file. */
  name?: string;
  /** Flags of Node for `worker`. Default: the parent's, without those that debug, watch, test or evaluate. */
  execArgv?: readonly string[];
  cwd?: string | URL;
  /** Which of our own environment variables workers get: all (true), none, or those that are named. */
  inheritEnv?: boolean | readonly string[];
  /** Added last; `{slot}` stands for the worker's slot. */
  env?: Readonly<Record<string, string>>;
  /** JSON for the worker's `init`. */
  initData?: unknown;
  /** Where the lines that workers print go. Default 'prefix': to stderr, as long as nobody listens to 'log'. */
  output?: 'prefix' | 'inherit' | 'event';
  protocol?: 'frames' | 'lines' | 'exec';
  /** Default 1. */
  minWorkers?: number;
  /** Default: the CPUs that we may use, affinity and quota counted. */
  maxWorkers?: number;
  /** Tasks that one worker really runs at once. Default 1. */
  concurrency?: number;
  /** Default true; off when `concurrency` > 1. */
  sendAhead?: boolean;
  /**
   * What a worker may serve. Default 'pool': any task. 'tenant': tasks of one tenant only; 'task': one task only. With these
   * `minWorkers` is how many fresh workers stand ready for whoever comes next.
   */
  isolation?: 'pool' | 'tenant' | 'task';
  /** Default 10,000. */
  idleTimeout?: number;
  /** From the spawn to READY. Default 30,000. */
  startTimeout?: number;
  /** Run time. Default `Infinity`. */
  taskTimeout?: number;
  /** Waiting time. Default `Infinity`. */
  queueTimeout?: number;
  /** After CANCEL, and again after SIGTERM, before the worker is killed. Default 2,000. */
  killGrace?: number;
  /** Waiting tasks. Default 100,000. */
  maxQueueSize?: number;
  /** Bytes of waiting bodies. Default '256MiB'. */
  maxQueueBytes?: Size;
  /** Of one body, in each direction. Default '64MiB'. */
  maxBodySize?: Size;
  maxTasksPerWorker?: number;
  maxWorkerLifetime?: number;
  /** A worker above it leaves after its task. */
  maxWorkerMemory?: Size;
  /** Default: none. */
  retries?: Retries;
  /** Limits of each worker. */
  resources?: Resources;
  profiles?: Readonly<Record<string, Profile>>;
  /** What happens where a limit cannot be enforced. Default 'fail'. */
  onLimitUnavailable?: 'fail' | 'warn' | Partial<Record<keyof Resources, 'fail' | 'warn'>>;
  /** Tells the libraries in a worker how many threads to start; 'auto' shares the CPUs among `maxWorkers`. */
  threadsPerWorker?: number | 'auto';
  /**
   * For who develops the worker. `inspect`: one worker, no time-outs, and an inspector whose URL is printed. `watch`: workers are
   * replaced when the files of theirs, or those that are named, change. What is not given, OSTLER_DEV may say: `inspect`, `brk`, `watch`.
   */
  dev?: { inspect?: boolean | 'brk'; watch?: boolean | string[] };
  /** Default false: Node stays up only while a returned promise is pending. */
  keepAlive?: boolean;
}

/** How a worker's threads are scheduled against those of others. */
export type Priority = 'idle' | 'below-normal' | 'normal' | 'above-normal' | 'high';

/** Limits of one worker. `cpus` are global CPU numbers; a `cpuRate` of 0.2 is 20 % of one CPU. */
export interface Resources {
  priority?: Priority;
  cpus?: readonly number[];
  memory?: Size;
  cpuRate?: number;
  maxProcesses?: number;
}

/** A named set of limits and sizes; it replaces the present one as a whole. */
export interface Profile {
  resources?: Resources;
  minWorkers?: number;
  maxWorkers?: number;
  schedule?: string;
  timeZone?: string;
}

/** `attempts` beside the first; `backoff` in milliseconds, 0 by default; `on` what, by default a crash only. */
export interface Retries {
  attempts: number;
  backoff?: number;
  on?: readonly ('crash' | 'timeout' | 'failure' | 'memory')[];
}
