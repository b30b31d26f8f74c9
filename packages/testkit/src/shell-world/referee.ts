import { INITIAL_CREDIT } from '@ostler/protocol';
import { ProcessRecord } from './process-record.js';
import type { Temperament } from './scenario.js';
import type { TaskRecord } from './task-record.js';
import type { OsWitness } from './watched-os.js';
import type { WorldRecords } from './world-records.js';
import type { WorkerWitness } from './world-worker.js';

/** The clock of the world. Milliseconds. */
export interface WorldClock {
  now(): number;
  advance(milliseconds: number): void;
}

/** Watches what the pool makes its processes do, while they do it. */
export class Referee implements WorkerWitness, OsWitness {
  readonly #records: WorldRecords;
  readonly #clock: WorldClock;

  constructor(records: WorldRecords, clock: WorldClock) {
    this.#records = records;
    this.#clock = clock;
  }

  passTime(milliseconds: number): void {
    this.#clock.advance(milliseconds);
  }

  born(pid: number, temperament: Temperament, hasLedger: boolean): ProcessRecord {
    return this.#records.born(new ProcessRecord(pid, temperament, hasLedger, this.#clock.now()));
  }

  isReady(process: ProcessRecord): void {
    process.readyAt = this.#clock.now();
  }

  began(process: ProcessRecord, id: number, attempt: number): void {
    const task = this.#records.task(id);
    const { retries } = task.plan;
    const before = task.begun.at(-1);
    const asked = before === undefined || (retries !== undefined && attempt > before.attempt);
    this.#records.demand(
      asked,
      'no task is run twice unasked',
      () => `task ${id} began in ${before?.pid} as attempt ${before?.attempt}, then in ${process.pid} as ${attempt}`,
    );
    this.#records.demand(
      !task.isSettled || task.kind === 'stream' || this.#wasToldEarly(task),
      'no task begins after its end was told',
      () => `task ${id} began in ${process.pid}`,
    );
    this.#checkKey(task, process);
    this.#checkIsolation(task, process);
    task.begun.push({ pid: process.pid, attempt });
    // It may be killed for what it does not let go of in time, when it has just begun something else.
    if (task.plan.timeout !== undefined || task.plan.deed === 'hang' || task.mayBeAborted)
      process.faults.add('pressed');
    process.running = id;
  }

  answers(process: ProcessRecord, id: number): void {
    const isHeard = !process.faults.has('closed') && !process.faults.has('protocol');
    if (isHeard) this.#records.task(id).answeredBy.add(process.pid);
  }

  sendsChunk(id: number, bytes: number): void {
    const { chunkBytes } = this.#records.task(id);
    chunkBytes.sent += bytes;
    this.#records.demand(
      chunkBytes.sent - chunkBytes.taken <= INITIAL_CREDIT + bytes,
      'a stream never runs ahead of its consumer by more than its credit',
      () => `task ${id} has sent ${chunkBytes.sent} bytes of which ${chunkBytes.taken} were taken`,
    );
  }

  sends(pid: number, ids: readonly number[]): void {
    const process = this.#records.process(pid);
    for (const id of ids) {
      this.#records.task(id).sentTo.add(pid);
      this.#records.demand(
        !process.exitTold && !process.channelEnded,
        'no task is sent to a worker that is known to be gone',
        () => `task ${id} was sent to ${pid}, whose ${process.exitTold ? 'exit' : 'end of file'} had been told`,
      );
    }
  }

  kills(pid: number): void {
    const process = this.#records.processes.get(pid);
    if (process === undefined) return; // its program had not begun yet
    process.killedAt = Math.min(process.killedAt, this.#clock.now());
  }

  exits(pid: number): void {
    this.#records.process(pid).exitTold = true;
  }

  channelEnds(pid: number, stream: 'stdout' | 'channel-out'): void {
    const process = this.#records.process(pid);
    const isPrivate = process.temperament.channel === 'private' && this.#records.scenario.machine.hasPrivateChannel;
    if (stream === (isPrivate ? 'channel-out' : 'stdout')) process.channelEnded = true;
  }

  /** An abort or a time-out is told at once, and the worker may learn of it too late. */
  #wasToldEarly(task: TaskRecord): boolean {
    const [end] = task.ends;
    if (end === undefined || !('error' in end)) return false;
    const { code } = end.error;
    return code === 'ERR_TASK_ABORTED' || code === 'ERR_TASK_TIMEOUT' || code === 'ERR_POOL_CLOSED';
  }

  #checkKey(task: TaskRecord, process: ProcessRecord): void {
    const { key, priority = 0 } = task.plan;
    if (key === undefined) return;
    for (const other of this.#records.tasks) {
      if (other === task || other.plan.key !== key) continue;
      const runsIn = other.begun.find(({ pid }) => pid !== process.pid && this.#runsIn(pid, other.id));
      this.#records.demand(
        runsIn === undefined,
        'tasks of one key run one at a time',
        () => `task ${task.id} began in ${process.pid} while task ${other.id} ran in ${runsIn?.pid}`,
      );
      const comesFirst =
        isAlone(other) && other.id < task.id && (other.plan.priority ?? 0) === priority && !other.plan.retries;
      this.#records.demand(
        !comesFirst || task.plan.retries !== undefined || other.isSettled || other.begun.length > 0,
        'tasks of one key run in their order',
        () => `task ${task.id} began before task ${other.id}`,
      );
    }
  }

  /** What a worker may run beside the task that it begins. */
  #checkIsolation(task: TaskRecord, process: ProcessRecord): void {
    const { isolation } = this.#records.options;
    const { tenant = '' } = task.plan;
    this.#records.demand(
      isolation !== 'tenant' || process.tenant === undefined || process.tenant === tenant,
      'a worker serves one tenant',
      () => `task ${task.id} of '${tenant}' began in ${process.pid}, which had run one of '${process.tenant}'`,
    );
    this.#records.demand(
      isolation !== 'task' || process.tenant === undefined,
      'a worker serves one task',
      () => `task ${task.id} began in ${process.pid}, which had run another one`,
    );
    process.tenant = tenant;
  }

  #runsIn(pid: number, id: number): boolean {
    return this.#records.isAlive(pid) && this.#records.processes.get(pid)?.running === id;
  }
}

/** Submitted by itself and told by itself: items of a map are submitted later, those of a batch are told together. */
function isAlone({ kind }: TaskRecord): boolean {
  return kind !== 'map' && kind !== 'many';
}
