import type { PoolOptions } from '@ostler/pool';
import { PropertyViolation } from '../core-world/property-violation.js';
import type { SimulatedProcess } from '../simulation/index.js';
import type { ProcessRecord } from './process-record.js';
import type { Scenario } from './scenario.js';
import type { TaskRecord } from './task-record.js';

/** What is known of a world while it goes on, and the first promise that was broken in it. */
export class WorldRecords {
  readonly tasks: TaskRecord[] = [];
  readonly processes = new Map<number, ProcessRecord>();
  /** The machine's processes by their pid. */
  readonly live = new Map<number, SimulatedProcess>();
  /** Somebody has closed the pool; `destroyed`: without waiting for what it had. */
  closing: 'no' | 'closed' | 'destroyed' = 'no';
  violation: PropertyViolation | undefined;

  constructor(readonly scenario: Scenario) {}

  get options(): PoolOptions {
    return this.scenario.pool;
  }

  task(id: number): TaskRecord {
    const task = this.tasks[id];
    if (task === undefined) throw new Error(`there is no task ${id}`);
    return task;
  }

  process(pid: number): ProcessRecord {
    const process = this.processes.get(pid);
    if (process === undefined) throw new Error(`there is no process ${pid}`);
    return process;
  }

  isAlive(pid: number): boolean {
    return this.live.get(pid)?.isAlive === true;
  }

  born(process: ProcessRecord): ProcessRecord {
    this.processes.set(process.pid, process);
    return process;
  }

  /** Notes that a promise was broken; the first one counts. */
  demand(holds: boolean, property: string, seen: () => string): void {
    if (!holds) this.violation ??= new PropertyViolation(property, seen());
  }
}
