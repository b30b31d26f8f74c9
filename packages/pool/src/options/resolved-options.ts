import type { CoreOptions, CoreTuning } from '../core/index.js';
import type { OstlerError } from '../errors.js';
import type { LimitName, Limits } from '../os/limits.js';
import type { TaskDefaults } from '../tasks/pending-task.js';
import type { WorkerOptions } from '../worker-process/worker-options.js';
import type { ResolvedProfile } from './profiles.js';

/** A pool's options with all defaults, checked, in the form in which its parts take them. Milliseconds and bytes. */
export interface ResolvedOptions {
  name: string;
  output: 'prefix' | 'inherit' | 'event';
  keepAlive: boolean;
  maxBodySize: number;
  /** `Infinity` for none. */
  maxWorkerMemory: number;
  /** Of each worker. */
  limits: Limits;
  /** Those that a worker may ever have. */
  limitKinds: ReadonlySet<LimitName>;
  profiles: ReadonlyMap<string, ResolvedProfile>;
  core: CoreOptions;
  tuning: Readonly<CoreTuning>;
  /** What a task has unless its own options say otherwise. */
  tasks: TaskDefaults;
  worker: WorkerOptions;
  dev: ResolvedDev;
  /** What was asked for and goes on without. */
  warnings: OstlerError[];
}

/** For who develops the worker. */
export interface ResolvedDev {
  /** Its Node opens an inspector. */
  inspect: boolean | 'brk';
  /** Files and folders whose changes replace the workers. */
  watch: string[];
  /** What a changed worker is tried with, and how long that may take: no debugger keeps it from getting ready. */
  trial: { worker: WorkerOptions; startTimeout: number };
}
