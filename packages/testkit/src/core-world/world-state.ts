import type { CoreTuning, Scheduler, TaskCounts } from '@ostler/pool/core';
import type { Move } from './move.js';
import { demand } from './property-violation.js';
import { StartRecord } from './start-record.js';
import { TenantRecord } from './tenant-record.js';
import type { WorldOptions } from './world-options.js';
import { type Holder, precedes, WorldTask } from './world-task.js';
import type { WorldWorker } from './world-worker.js';

/** When the world begins, in milliseconds. */
export const START_TIME = 1_000;

/** The truth about the world: its processes, its tasks, and what was asked of the scheduler. */
export class WorldState {
  now = START_TIME;
  /** The move that is being made. */
  move: Move = { type: 'deadline' };
  readonly workers = new Map<number, WorldWorker>();
  /** Tasks and batches that are not over, by slot. */
  readonly tasks = new Map<number, WorldTask>();
  /** Who has each key: sent, and not yet let go of for good. */
  readonly keyHolders = new Map<string, WorldTask>();
  readonly starts: StartRecord;
  readonly tenants = new TenantRecord();
  minWorkers: number;
  maxWorkers: number;
  paused = false;
  closing: false | 'drain' | 'now' = false;
  closed = false;
  /** A refused caller waits for room. */
  refused = false;
  /** Workers that a replacement still has to replace, or null. */
  replacing: Set<number> | null = null;
  surge = 0;
  lastWorkerId = 0;
  /** Since when a worker has been warm, or `Infinity`. */
  warmSince = Infinity;
  #lastName = 0;
  readonly counts: TaskCounts = {
    submitted: 0,
    succeeded: 0,
    failed: 0,
    crashed: 0,
    timedOut: 0,
    aborted: 0,
    rejected: 0,
    retried: 0,
  };

  constructor(
    readonly options: WorldOptions,
    readonly scheduler: () => Scheduler,
  ) {
    this.minWorkers = options.core.minWorkers;
    this.maxWorkers = options.core.maxWorkers;
    this.starts = new StartRecord(options.tuning);
  }

  get tuning(): CoreTuning {
    return this.options.tuning;
  }

  /** A worker serves one tenant only. */
  get isolatesTenants(): boolean {
    return this.options.core.isolateTenants;
  }

  get parallel(): boolean {
    return this.options.core.concurrency > 1;
  }

  /** Workers that must be there: where tenants are isolated, so many that serve nobody yet. */
  get minimum(): number {
    return Math.min(this.maxWorkers, this.minWorkers + this.#bound);
  }

  /** Processes that may still be started. */
  get room(): number {
    return this.maxWorkers + this.surge - this.workers.size;
  }

  /** Of these, as many as the pool has no worker for that stays. */
  get places(): number {
    return Math.min(this.room, this.maxWorkers - this.stayingForGood());
  }

  newTask(slot: number, id: number, facts: Pick<WorldTask, 'plan' | 'bytes' | 'batch'>): WorldTask {
    const task = new WorldTask({ name: ++this.#lastName, slot, id, now: this.now }, facts);
    demand(!this.tasks.has(slot), 'a slot has one task', `slot ${slot}`);
    this.tasks.set(slot, task);
    return task;
  }

  /** The worker may have begun the task that it holds. */
  mayHaveBegun(worker: Holder, task: WorldTask): boolean {
    return this.parallel || worker.held[0] === task;
  }

  /** It waits in the queue, for a worker only. */
  isRunnable(task: WorldTask): boolean {
    return task.place === 'waiting' && task.waitingItems > 0 && !this.isBehind(task);
  }

  /** Another task of its key is on its way, or comes first. */
  isBehind(task: WorldTask): boolean {
    if (task.key === undefined) return false;
    const holder = this.keyHolders.get(task.key);
    if (holder !== undefined) return holder !== task;
    for (const other of this.tasks.values()) {
      const waits = other.key === task.key && other.place === 'waiting' && other.waitingItems > 0;
      if (waits && precedes(other, task)) return true;
    }
    return false;
  }

  /** The task whose turn it is, among those of a tenant where each has its own workers. */
  next(tenant: string): WorldTask | undefined {
    let best: WorldTask | undefined;
    for (const task of this.tasks.values()) {
      if (this.isolatesTenants && task.tenant !== tenant) continue;
      if (this.isRunnable(task) && (best === undefined || precedes(task, best))) best = task;
    }
    return best;
  }

  /** The worker is to leave, and its tasks are all that keeps it. */
  isDraining(worker: WorldWorker): boolean {
    return worker.told === null && this.scheduler().workers.get(worker.id)?.reason !== null;
  }

  /** Workers that stay, without those that are due to leave. */
  stayingForGood(): number {
    let staying = 0;
    for (const worker of this.workers.values()) if (this.#staysForGood(worker)) staying++;
    return staying;
  }

  #staysForGood({ id, told }: WorldWorker): boolean {
    const seen = this.scheduler().workers.get(id);
    return told === null && seen?.reason === null && seen.due === null;
  }

  /** Those of them that serve a tenant. */
  get #bound(): number {
    let bound = 0;
    for (const worker of this.workers.values()) if (worker.tenant !== null && this.#staysForGood(worker)) bound++;
    return bound;
  }

  /** Nobody holds the task any more, and its caller was told. */
  release(task: WorldTask): void {
    task.place = 'gone';
    this.tasks.delete(task.slot);
    if (task.key !== undefined && this.keyHolders.get(task.key) === task) this.keyHolders.delete(task.key);
    if (task.batch === null) return;
    task.batch.live--;
    this.endBatch(task.batch);
  }

  endBatch(batch: WorldTask): void {
    if (batch.live === 0 && batch.waitingItems === 0) this.release(batch);
  }
}
