import { closeSync, ftruncateSync, openSync, readSync } from 'node:fs';

/** What the worker that began a task last has noted. */
export interface TaskRecord {
  /** How often the task has begun. */
  readonly count: number;
  readonly workerId: number;
  /** The number of this task among those that its worker has begun, from 1. */
  readonly order: number;
}

const RECORD_SIZE = 16;
const ORDER_SIZE = 4;
const NOT_BEGUN: TaskRecord = { count: 0, workerId: 0, order: 0 };

/** The file in which workers (the fixture `counted`) note each task that they begin; it outlives them. */
export class TaskRecords {
  /** Where the number of the last task that each worker has begun stands, by worker id. */
  readonly workersAt: number;
  readonly #file: number;
  readonly #record = new Uint32Array(RECORD_SIZE / 4);

  constructor(
    readonly path: string,
    { slots, workers }: { slots: number; workers: number },
  ) {
    this.workersAt = slots * RECORD_SIZE;
    this.#file = openSync(path, 'w+');
    ftruncateSync(this.#file, this.workersAt + workers * ORDER_SIZE);
  }

  offsetOf(slot: number): number {
    return slot * RECORD_SIZE;
  }

  /** The record of the task with that serial number, which has used the slot. */
  read(slot: number, serial: number): TaskRecord {
    readSync(this.#file, this.#record, 0, RECORD_SIZE, this.offsetOf(slot));
    const [noted, count = 0, workerId = 0, order = 0] = this.#record;
    return noted === serial ? { count, workerId, order } : NOT_BEGUN;
  }

  /** The number of the task that a worker has begun last. */
  lastOrderOf(workerId: number): number {
    const order = new Uint32Array(1);
    readSync(this.#file, order, 0, ORDER_SIZE, this.workersAt + workerId * ORDER_SIZE);
    return order[0] as number;
  }

  close(): void {
    closeSync(this.#file);
  }
}
