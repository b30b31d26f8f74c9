/** The interfaces of the contract as it has them; `contract.test.ts` compiles this file. */
import type * as errors from '../../src/errors.js';
import type { OstlerError } from '../../src/errors.js';
import type * as events from '../../src/pool-events.js';
import type * as options from '../../src/pool-options.js';
import type * as stats from '../../src/pool-stats.js';
import type * as run from '../../src/run-options.js';
import type * as size from '../../src/size.js';

type Body = Uint8Array | string;
type Size = number | `${number}${'B' | 'KiB' | 'MiB' | 'GiB'}`;

interface PoolOptions {
  command?: readonly [file: string, ...args: string[]];
  worker?: URL | string;
  name?: string;
  execArgv?: readonly string[];
  cwd?: string | URL;
  inheritEnv?: boolean | readonly string[];
  env?: Readonly<Record<string, string>>;
  initData?: unknown;
  output?: 'prefix' | 'inherit' | 'event';
  protocol?: 'frames' | 'lines' | 'exec';
  minWorkers?: number;
  maxWorkers?: number;
  concurrency?: number;
  sendAhead?: boolean;
  isolation?: 'pool' | 'tenant' | 'task';
  idleTimeout?: number;
  startTimeout?: number;
  taskTimeout?: number;
  queueTimeout?: number;
  killGrace?: number;
  maxQueueSize?: number;
  maxQueueBytes?: Size;
  maxBodySize?: Size;
  maxTasksPerWorker?: number;
  maxWorkerLifetime?: number;
  maxWorkerMemory?: Size;
  retries?: Retries;
  resources?: Resources;
  profiles?: Readonly<Record<string, Profile>>;
  onLimitUnavailable?: 'fail' | 'warn' | Partial<Record<keyof Resources, 'fail' | 'warn'>>;
  threadsPerWorker?: number | 'auto';
  dev?: { inspect?: boolean | 'brk'; watch?: boolean | string[] };
  keepAlive?: boolean;
}
interface Resources {
  priority?: 'idle' | 'below-normal' | 'normal' | 'above-normal' | 'high';
  cpus?: readonly number[];
  memory?: Size;
  cpuRate?: number;
  maxProcesses?: number;
}
interface Profile {
  resources?: Resources;
  minWorkers?: number;
  maxWorkers?: number;
  schedule?: string;
  timeZone?: string;
}
interface Retries {
  attempts: number;
  backoff?: number;
  on?: readonly ('crash' | 'timeout' | 'failure' | 'memory')[];
}
interface RunOptions {
  handler?: string;
  signal?: AbortSignal;
  timeout?: number;
  queueTimeout?: number;
  priority?: number;
  tenant?: string;
  key?: string;
  idempotencyKey?: string;
  retries?: Retries;
  metadata?: Readonly<Record<string, string>>;
  onProgress?: (value: unknown) => void;
  onCost?: (cost: TaskCost) => void;
}
interface TaskCost {
  waitMs: number;
  runMs: number;
  cpuMs: number | null;
  peakMemory: number | null;
  exact: boolean;
  attempt: number;
  workerId: number;
}
type Outcome = { status: 'fulfilled'; value: Uint8Array } | { status: 'rejected'; reason: OstlerError };
type MapOptions = RunOptions & { inFlight?: number; ordered?: boolean; onError?: 'throw' | 'yield' };
type RetireReason =
  | 'idle'
  | 'max-tasks'
  | 'max-lifetime'
  | 'memory'
  | 'timeout'
  | 'aborted'
  | 'unresponsive'
  | 'protocol-error'
  | 'replaced'
  | 'resized'
  | 'closing';
interface Exit {
  pid: number;
  exitCode: number | null;
  signal: string | null;
}
interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}
interface PoolStats {
  state: 'running' | 'paused' | 'closing' | 'closed';
  profile: string | null;
  workers: { total: number; starting: number; idle: number; busy: number; stopping: number };
  queue: { size: number; bytes: number; oldestMs: number };
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
  started: number;
  crashes: number;
  retired: Record<RetireReason, number>;
  cpuCores: number | null;
  latency: { wait: Percentiles; run: Percentiles };
  workerList: {
    id: number;
    slot: number;
    pid: number;
    state: string;
    tasks: number;
    startedAt: number;
    rss: number | null;
    task: { id: number; handler: string; tenant: string; ageMs: number } | null;
  }[];
}
interface PoolEvents {
  'worker-start': [{ workerId: number; pid: number }];
  'worker-ready': [{ workerId: number; pid: number; startupMs: number }];
  'worker-exit': [{ workerId: number; exit: Exit; reason: RetireReason | 'crash' }];
  log: [{ workerId: number; taskId: number | null; source: 'stdout' | 'stderr' | 'log'; level: string; line: string }];
  warning: [OstlerError];
  drain: [];
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Gives<Ours, Contract> = Ours extends Contract ? true : false;

/** Compiles only where each type is as the contract has it; outputs may have more. */
export const asInTheContract: true[] = [
  true satisfies Same<run.Body, Body>,
  true satisfies Same<size.Size, Size>,
  true satisfies Same<options.PoolOptions, PoolOptions>,
  true satisfies Same<options.Resources, Resources>,
  true satisfies Same<options.Profile, Profile>,
  true satisfies Same<options.Retries, Retries>,
  true satisfies Same<run.RunOptions, RunOptions>,
  true satisfies Gives<MapOptions, run.MapOptions>,
  true satisfies Gives<run.MapOptions, MapOptions>,
  true satisfies Same<run.TaskCost, TaskCost>,
  true satisfies Same<run.Outcome, Outcome>,
  true satisfies Same<events.RetireReason, RetireReason>,
  true satisfies Same<events.Exit, Exit>,
  true satisfies Same<events.PoolEvents, PoolEvents>,
  true satisfies Gives<stats.PoolStats, PoolStats>,
  true satisfies Gives<errors.OstlerError, Error & { code: string }>,
  true satisfies Gives<errors.TaskError, OstlerError & { taskId: number; started: boolean; attempt: number }>,
  true satisfies Gives<errors.TaskAbortedError, errors.TaskError>,
  true satisfies Gives<errors.TaskTimeoutError, errors.TaskError & { phase: 'queue' | 'run'; timeout: number }>,
  true satisfies Gives<errors.TaskFailedError, errors.TaskError & { remote: Remote }>,
  true satisfies Gives<errors.WorkerCrashedError, errors.TaskError & Crash>,
  true satisfies Gives<errors.ResourceLimitError, errors.TaskError & { limit: number; used: number | null }>,
  true satisfies Gives<errors.WorkerStartError, errors.TaskError & Start>,
  true satisfies Gives<errors.ProtocolError, errors.TaskError & { side: string; offset: number; excerpt: string }>,
  true satisfies Gives<errors.PoisonTaskError, errors.TaskError & { evidence: readonly unknown[] }>,
  true satisfies Gives<errors.BodyTooLargeError, errors.TaskError & TooLarge>,
  true satisfies Gives<errors.QueueFullError, errors.TaskError & { limit: number }>,
  true satisfies Gives<errors.PoolClosedError, errors.TaskError>,
  true satisfies Gives<errors.InvalidOptionError, OstlerError & { option: string; value: unknown }>,
  true satisfies Gives<errors.OsControlError, OstlerError & { syscall: string; pid: number }>,
];

interface Remote {
  name: string;
  message: string;
  stack?: string;
  code?: string;
  data?: Record<string, unknown>;
  cause?: Remote;
}
type Crash = { exit: Exit; stderrTail: string; oom: 'kernel' | 'runtime' | null; unresponsive: boolean };
type Start = { phase: 'spawn' | 'handshake' | 'init'; exit: Exit; stderrTail: string };
type TooLarge = { direction: 'task' | 'reply'; size: number; limit: number };

/** What a user writes. */
export const written: options.PoolOptions[] = [
  { command: ['python3', 'main.py'] },
  { worker: new URL('./w.js', import.meta.url), maxBodySize: '64MiB', threadsPerWorker: 'auto' },
  { command: ['w'], retries: { attempts: 2, on: ['crash', 'memory'] }, onLimitUnavailable: { memory: 'warn' } },
  // @ts-expect-error the executable is missing
  { command: [] },
  // @ts-expect-error not a unit
  { command: ['w'], maxBodySize: '64MB' },
  // @ts-expect-error mistyped
  { command: ['w'], maxWorker: 2 },
];
