import { handlersOf, type ModuleWorker, withJobs } from '@ostler/worker/in-process';
import { InvalidOptionError } from '../errors.js';
import type { Machine } from '../machine.js';
import type { PoolOptions } from '../pool-options.js';
import { ProcessPool } from '../process-pool.js';
import { inProcessMachine } from './in-process-machine.js';
import { type PlannedCrash, PlannedFaults } from './planned-faults.js';

/** What says how a process is started, or what is looked at in one. */
const OF_PROCESSES = [
  'command',
  'worker',
  'execArgv',
  'cwd',
  'inheritEnv',
  'env',
  'protocol',
  'threadsPerWorker',
  'dev',
] as const;

/** The options of a pool, without those that are about processes. */
export type InProcessOptions = Omit<PoolOptions, (typeof OF_PROCESSES)[number]>;

/** A pool without processes, and what can be made to happen to its tasks. */
export interface InProcessPool<H> extends ProcessPool<H> {
  /** The next task that begins kills its worker; by default with the signal SIGSEGV. */
  crashNext(crash?: PlannedCrash): void;
  /** The next task that begins never ends: a `timeout`, or an abort, is the end of it. */
  hangNext(): void;
}

/**
 * A pool for tests: the real one, whose workers are the real SDK in this process instead of processes. `handlers` are what a
 * worker file exports, or a namespace of it, `init` and `close` included.
 */
export function inProcessPool<H extends object>(handlers: H, options: InProcessOptions = {}): InProcessPool<H> {
  for (const option of OF_PROCESSES) refuse(option, (options as PoolOptions)[option]);
  const faults = new PlannedFaults();
  const machine = inProcessMachine(workerOf(handlers), faults);
  class Pool extends ProcessPool<H> implements InProcessPool<H> {
    crashNext(crash: PlannedCrash = { signal: 'SIGSEGV' }): void {
      faults.plan(crash);
    }

    hangNext(): void {
      faults.plan('hang');
    }

    protected override machine(): Machine {
      return machine;
    }
  }
  return new Pool({ ...options, command: ['in-process'] });
}

function refuse(option: string, value: unknown): void {
  if (value === undefined) return;
  const problem = 'a pool without processes has no use for it: leave it out in tests';
  throw new InvalidOptionError({ option, value, problem });
}

function workerOf(handlers: object): ModuleWorker {
  try {
    const worker = handlersOf({ ...handlers }, 'what inProcessPool was given');
    return { ...worker, handlers: withJobs(worker.handlers) };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidOptionError({ option: 'handlers', value: handlers, problem, cause });
  }
}
