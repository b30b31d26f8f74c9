import type { CoreState } from './core-state.js';
import type { Tally } from './tally.js';
import { SENT } from './task-state.js';
import type { TaskTable } from './task-table.js';
import type { TenantTable } from './tenant-table.js';
import { causeOf, countCauses, type WaitingCause } from './waiting-cause.js';
import type { Worker } from './worker.js';
import type { WorkerTable } from './worker-table.js';

const NONE = -1;

/** What can be seen of the scheduler; looking changes nothing. */
export class SchedulerView {
  protected readonly core: CoreState;

  constructor(core: CoreState) {
    this.core = core;
  }

  get tasks(): Readonly<TaskTable> {
    return this.core.tasks;
  }

  get workers(): Readonly<Pick<WorkerTable, 'get' | 'total' | 'warm' | 'starting' | 'idle' | 'busy' | 'stopping'>> &
    Iterable<Worker> {
    return this.core.workers;
  }

  /** Those that have tasks or workers; undefined where any worker serves any task. */
  get tenants(): Readonly<Pick<TenantTable, 'line' | 'served'>> | undefined {
    return this.core.tenants;
  }

  get tally(): Readonly<Tally> {
    return this.core.tally;
  }

  /** Waiting tasks and the bytes of their bodies. */
  get queue(): { readonly size: number; readonly bytes: number; readonly oldestQueuedAt: number } & Iterable<number> {
    return this.core.waiting;
  }

  /** Tasks that a worker holds and somebody waits for; counted when asked. */
  get running(): number {
    const { tasks, workers } = this.core;
    let running = 0;
    for (const { inFlight, damaged } of workers) {
      for (let i = 0; i < inFlight.length; i++) {
        const task = inFlight.at(i);
        if (tasks.state[task] === SENT || tasks.extras[task]?.retryWhenReleased === true) running++;
      }
      for (const task of damaged) if (tasks.extras[task]?.retryWhenReleased === true) running++;
    }
    return running;
  }

  /** Starts failed so often that what waited was rejected; each later task gets one probe per back-off. */
  get broken(): boolean {
    return this.core.backoff.broken && this.core.workers.warm === 0;
  }

  /** When `deadlineReached` must be called next, or `Infinity`; it may be early, never late. */
  nextDeadline(): number {
    return this.core.nextDeadline;
  }

  /** The limit that another waiting task of so many bytes would break, or null. */
  limitReached(bytes: number, count = 1): 'maxQueueSize' | 'maxQueueBytes' | null {
    const { waiting, options } = this.core;
    const full = waiting.size + count > options.maxQueueSize;
    if (!full && (waiting.size === 0 || waiting.bytes + bytes <= options.maxQueueBytes)) return null;
    return full ? 'maxQueueSize' : 'maxQueueBytes';
  }

  causeOf(task: number): WaitingCause {
    return causeOf(this.core, task);
  }

  /** How many tasks wait for each reason. */
  causes(): Partial<Record<WaitingCause, number>> {
    return countCauses(this.core);
  }

  /** The task of that id (modulo 2^32, as on the wire) which the worker holds, or -1. */
  taskOf(workerId: number, id: number): number {
    const inFlight = this.core.workers.get(workerId)?.inFlight;
    if (inFlight === undefined) return NONE;
    for (let i = 0; i < inFlight.length; i++) {
      const task = inFlight.at(i);
      if ((this.core.tasks.id[task] as number) >>> 0 === id) return task;
    }
    return NONE;
  }
}
