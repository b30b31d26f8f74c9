import type { Effects } from './effects.js';
import type { CoreOptions, CoreTuning } from './options.js';
import { RetryBudget } from './retry-budget.js';
import { ServiceTime } from './service-time.js';
import { StartBackoff } from './start-backoff.js';
import { Tally } from './tally.js';
import { TaskTable } from './task-table.js';
import { TenantTable } from './tenant-table.js';
import { WaitingRoom } from './waiting-room.js';
import type { Worker } from './worker.js';
import { WorkerTable } from './worker-table.js';

/** Everything that the parts of the scheduler share. */
export class CoreState {
  readonly tasks: TaskTable;
  readonly waiting: WaitingRoom;
  readonly workers = new WorkerTable();
  /** Where any worker serves any task there are none. */
  readonly tenants: TenantTable | undefined;
  /** Workers that should leave as soon as that delays no task; none of them is stopping. */
  readonly due = new Set<Worker>();
  readonly budget = new RetryBudget();
  readonly tally = new Tally();
  readonly serviceTime: ServiceTime;
  readonly backoff: StartBackoff;
  minWorkers: number;
  maxWorkers: number;
  /** Workers above the maximum that a rolling replacement may use. */
  surge = 0;
  /** The time of the present event. */
  now = 0;
  /** `drain`: refuses new tasks and finishes the rest; `now`: nothing more is run. */
  closing: false | 'drain' | 'now' = false;
  paused = false;
  /** A lower bound of the next time at which something is due. */
  nextDeadline = Infinity;

  constructor(
    readonly options: CoreOptions,
    readonly tuning: CoreTuning,
    readonly effects: Effects,
  ) {
    this.minWorkers = options.minWorkers;
    this.maxWorkers = options.maxWorkers;
    this.tasks = new TaskTable(tuning.firstTaskId);
    this.tenants = options.isolateTenants ? new TenantTable(this.tasks) : undefined;
    this.waiting = new WaitingRoom(this.tasks, this.tenants);
    this.serviceTime = new ServiceTime(tuning);
    this.backoff = new StartBackoff(tuning);
  }

  /** Workers that the pool keeps. Those of a tenant are no help to others: the minimum comes on top of them, as far as there is room. */
  get minimum(): number {
    return this.tenants === undefined
      ? this.minWorkers
      : Math.min(this.maxWorkers, this.minWorkers + this.tenants.bound);
  }

  /** Processes that may still be started. */
  get room(): number {
    return this.maxWorkers + this.surge - this.workers.total;
  }

  /** Workers that may be started: the surge is for successors, not for a larger pool. */
  get places(): number {
    return Math.min(this.room, this.maxWorkers - (this.workers.staying - this.due.size));
  }

  arm(at: number): void {
    if (at < this.nextDeadline) this.nextDeadline = at;
  }
}
