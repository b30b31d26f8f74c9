import { DeadlineHeap } from './deadline-heap.js';
import { KeyLanes } from './key-lanes.js';
import { PriorityLevels } from './priority-levels.js';
import type { TaskExtras } from './task-extras.js';
import type { TaskQueue } from './task-queue.js';
import type { TaskTable } from './task-table.js';
import { TenantQueues } from './tenant-queues.js';
import type { TenantTable } from './tenant-table.js';

const NONE = -1;

/**
 * Where tasks wait, each in exactly one place: the queue, by priority and age; a lane, behind a task of its key that comes
 * first; or the back-off of a retry.
 */
export class WaitingRoom {
  readonly #tasks: TaskTable;
  readonly #queue: TaskQueue;
  /** The queue of the pool, where it has one; else each tenant has its own. */
  readonly #levels: PriorityLevels;
  readonly #ofTenants: TenantQueues | undefined;
  readonly #lanes: KeyLanes;
  readonly #delayed = new DeadlineHeap();
  readonly #deadlines = new DeadlineHeap();
  #size = 0;
  #bytes = 0;

  constructor(tasks: TaskTable, tenants: TenantTable | undefined) {
    this.#tasks = tasks;
    this.#levels = new PriorityLevels(tasks);
    this.#ofTenants = tenants && new TenantQueues(tasks, tenants);
    this.#queue = this.#ofTenants ?? this.#levels;
    this.#lanes = new KeyLanes(tasks, this.#queue);
  }

  /** Waiting tasks, the undrawn items of batches among them. */
  get size(): number {
    return this.#size;
  }

  /** Waiting tasks that a free worker could begin. */
  get runnable(): number {
    return this.#size - this.#lanes.blocked - this.#delayed.size;
  }

  /** Tasks that wait behind another one of their key. */
  get blocked(): number {
    return this.#lanes.blocked;
  }

  /** Tasks in the back-off of a retry. */
  get delayed(): number {
    return this.#delayed.size;
  }

  /** Bytes of waiting bodies. */
  get bytes(): number {
    return this.#bytes;
  }

  /** When the next waiting time or back-off ends, or `Infinity`. */
  get nextDeadline(): number {
    return Math.min(this.#deadlines.earliest, this.#delayed.earliest);
  }

  /** When the oldest task that could run was queued, or `Infinity` where none could. */
  get oldestRunnable(): number {
    return this.#queue.oldestQueuedAt;
  }

  /** When the oldest of all was queued, or `Infinity`; looks at each lane and at each back-off. */
  get oldestQueuedAt(): number {
    let oldest = Math.min(this.#queue.oldestQueuedAt, this.#lanes.oldestQueuedAt);
    for (const task of this.#delayed) oldest = Math.min(oldest, this.#tasks.queuedAt[task] as number);
    return oldest;
  }

  add(task: number): void {
    this.#count(task, 1);
    const deadline = this.#tasks.deadline[task] as number;
    if (deadline !== Infinity) this.#deadlines.set(task, deadline);
    if (this.#tasks.extras[task]?.key === undefined) this.#queue.pushBack(task);
    else this.#lanes.enter(task);
  }

  /** Back to the place that it had; a task that a worker held has no waiting time left to lose. */
  restore(task: number): void {
    this.#count(task, 1);
    this.#queue.restore(task);
  }

  /** Back to its place once `at` has passed. */
  delay(task: number, at: number): void {
    this.#count(task, 1);
    this.#tasks.extrasOf(task).place = 'delayed';
    this.#delayed.set(task, at);
  }

  /** Ends the back-offs that are over. */
  promoteDelayed(now: number): void {
    for (let task = this.#delayed.popDue(now); task !== NONE; task = this.#delayed.popDue(now)) {
      this.#tasks.extrasOf(task).place = 'queue';
      this.#queue.restore(task);
    }
  }

  /** A task whose waiting time is over, or -1; it stays where it is. */
  overdue(now: number): number {
    return this.#deadlines.popDue(now);
  }

  /** The task whose turn it is, or -1; tenants have queues, and so heads, of their own. */
  head(): number {
    return this.#levels.head;
  }

  /** Takes the head away to be sent. */
  take(task: number): void {
    this.#count(task, -1);
    this.#leave(task);
    this.#queue.remove(task);
    if (this.#tasks.extras[task]?.key !== undefined) this.#lanes.sent(task, task);
  }

  /** Item `task` of the batch at the head is about to be sent; the batch leaves with its last item. */
  drawn(batch: number, task: number): void {
    this.#size--;
    this.#bytes -= this.#tasks.bytes[task] as number;
    this.#ofTenants?.drawn(batch);
    if (this.#tasks.undrawn(batch) === 0) {
      this.#leave(batch);
      this.#queue.remove(batch);
    }
    if (this.#tasks.extras[batch]?.key !== undefined) this.#lanes.sent(batch, task);
  }

  /** Removes a waiting task from wherever it is. */
  remove(task: number): void {
    this.#count(task, -1);
    this.#leave(task);
    const place = this.placeOf(task);
    if (place === 'lane') this.#lanes.leave(task);
    else if (place === 'delayed') this.#delayed.delete(task);
    else this.#queue.remove(task);
    this.releaseKey(task);
  }

  /** The task is out of the way of the others of its key. */
  releaseKey(task: number): void {
    if (this.#tasks.extras[task]?.key !== undefined) this.#lanes.release(task);
  }

  /** Why a waiting task does not run, as far as its place tells: the queue as a whole has a cause of its own. */
  placeOf(task: number): 'queue' | 'lane' | 'delayed' {
    return this.#tasks.extras[task]?.place ?? 'queue';
  }

  /** Every waiting task, in no particular order. */
  *[Symbol.iterator](): Generator<number> {
    yield* this.#queue;
    yield* this.#lanes;
    yield* this.#delayed;
  }

  #leave(task: number): void {
    if (this.#deadlines.size > 0) this.#deadlines.delete(task);
  }

  #count(task: number, sign: 1 | -1): void {
    const extras = this.#tasks.extras[task];
    if (extras?.sizes !== undefined) {
      this.#countItems(extras, sign);
      return;
    }
    this.#size += sign;
    this.#bytes += sign * (this.#tasks.bytes[task] as number);
  }

  #countItems(batch: TaskExtras, sign: 1 | -1): void {
    const sizes = batch.sizes as ArrayLike<number>;
    for (let index = batch.drawn; index < batch.count; index++) this.#bytes += sign * (sizes[index] as number);
    this.#size += sign * (batch.count - batch.drawn);
  }
}
