import { DeadlineHeap } from './deadline-heap.js';
import { TaskList } from './task-list.js';
import type { TaskTable } from './task-table.js';

const NONE = -1;

/** The tasks of one key: at most one of them, the holder, is on its way; those whose turn came meanwhile are blocked. */
interface Lane {
  holder: number;
  readonly blocked: TaskList;
}

/**
 * Where tasks wait: a queue by priority, a lane behind a busy key, or the back-off of a retry. Each task is in exactly one place.
 * Tasks of one key keep their order among equals in priority.
 */
export class WaitingRoom {
  readonly #tasks: TaskTable;
  /** Priorities that have tasks, highest first. */
  readonly #levels: { priority: number; list: TaskList }[] = [];
  readonly #lanes = new Map<string, Lane>();
  readonly #delayed = new DeadlineHeap();
  readonly #deadlines = new DeadlineHeap();
  #size = 0;
  #bytes = 0;
  #blocked = 0;

  constructor(tasks: TaskTable) {
    this.#tasks = tasks;
  }

  /** Waiting tasks, the undrawn items of batches among them. */
  get size(): number {
    return this.#size;
  }

  /** Waiting tasks that a free worker could begin. */
  get runnable(): number {
    return this.#size - this.#blocked - this.#delayed.size;
  }

  /** Tasks behind a busy key. */
  get blocked(): number {
    return this.#blocked;
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
  get oldestQueuedAt(): number {
    let oldest = Infinity;
    for (const { list } of this.#levels) {
      if (!list.empty) oldest = Math.min(oldest, this.#tasks.queuedAt[list.head] as number);
    }
    return oldest;
  }

  add(task: number): void {
    this.#count(task, 1);
    this.#levelOf(task).pushBack(task);
    const deadline = this.#tasks.deadline[task] as number;
    if (deadline !== Infinity) this.#deadlines.set(task, deadline);
  }

  /** Back to the place that it had; a task that a worker held has no waiting time left to lose. */
  restore(task: number): void {
    this.#count(task, 1);
    this.#levelOf(task).restore(task);
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
      this.#levelOf(task).restore(task);
    }
  }

  /** A task whose waiting time is over, or -1; it stays where it is. */
  overdue(now: number): number {
    return this.#deadlines.popDue(now);
  }

  /** The task whose turn it is, or -1. Tasks whose key is busy step aside, each once, until the key is free. */
  head(): number {
    for (const { list } of this.#levels) {
      while (!list.empty) {
        const task = list.head;
        const key = this.#tasks.extras[task]?.key;
        if (key === undefined || !this.#steppedAside(task, key, list)) return task;
      }
    }
    return NONE;
  }

  /** Takes the head away to be sent. */
  take(task: number): void {
    this.#count(task, -1);
    this.#leave(task);
    this.#levelOf(task).remove(task);
    this.#hold(task, task);
  }

  /** Item `task` of the batch at the head goes its own way; the batch leaves with its last item. */
  drawn(batch: number, task: number): void {
    this.#size--;
    this.#bytes -= this.#tasks.bytes[task] as number;
    if (this.#tasks.undrawn(batch) === 0) {
      this.#leave(batch);
      this.#levelOf(batch).remove(batch);
    }
    this.#hold(batch, task);
  }

  /** Removes a waiting task from wherever it is. */
  remove(task: number): void {
    this.#count(task, -1);
    this.#leave(task);
    const extras = this.#tasks.extras[task];
    if (extras?.place === 'delayed') this.#delayed.delete(task);
    else if (extras?.place === 'lane') this.#unblock(task, this.#lanes.get(extras.key as string) as Lane);
    else this.#levelOf(task).remove(task);
    if (extras !== undefined) extras.place = 'queue';
  }

  /** The key of a task that ended is free: the first that stepped aside has its place back. */
  releaseKey(task: number): void {
    const key = this.#tasks.extras[task]?.key;
    const lane = key === undefined ? undefined : this.#lanes.get(key);
    if (lane === undefined) return;
    if (lane.holder !== task) return;
    const next = lane.blocked.head;
    if (next === NONE) {
      this.#lanes.delete(key as string);
      return;
    }
    this.#unblock(next, lane);
    lane.holder = next;
    this.#levelOf(next).restore(next);
  }

  /** Why a waiting task does not run, as far as its place tells: the queue as a whole has a cause of its own. */
  placeOf(task: number): 'queue' | 'lane' | 'delayed' {
    return this.#tasks.extras[task]?.place ?? 'queue';
  }

  /** Every waiting task, in no particular order. */
  *[Symbol.iterator](): Generator<number> {
    for (const { list } of this.#levels) yield* list;
    for (const { blocked } of this.#lanes.values()) yield* blocked;
    yield* this.#delayed;
  }

  #hold(keyed: number, holder: number): void {
    const key = this.#tasks.extras[keyed]?.key;
    if (key === undefined) return;
    const lane = this.#lanes.get(key);
    if (lane === undefined) this.#lanes.set(key, { holder, blocked: new TaskList(this.#tasks) });
    else lane.holder = holder;
  }

  #steppedAside(task: number, key: string, list: TaskList): boolean {
    const lane = this.#lanes.get(key);
    if (lane === undefined || lane.holder === task) return false;
    list.remove(task);
    this.#tasks.extrasOf(task).place = 'lane';
    lane.blocked.insert(task);
    this.#blocked += this.#tasks.undrawn(task);
    return true;
  }

  #unblock(task: number, lane: Lane): void {
    lane.blocked.remove(task);
    this.#blocked -= this.#tasks.undrawn(task);
    this.#tasks.extrasOf(task).place = 'queue';
  }

  #levelOf(task: number): TaskList {
    const priority = this.#tasks.priority[task] as number;
    const first = this.#levels[0];
    if (first?.priority === priority) return first.list;
    const at = this.#levels.findIndex((level) => level.priority <= priority);
    const found = this.#levels[at];
    if (found?.priority === priority) return found.list;
    const list = new TaskList(this.#tasks);
    this.#levels.splice(at < 0 ? this.#levels.length : at, 0, { priority, list });
    this.#dropEmptyLevels(list);
    return list;
  }

  /** Levels are few and kept; a caller that invents a priority per task must not make the list grow without bound. */
  #dropEmptyLevels(except: TaskList): void {
    if (this.#levels.length <= 64) return;
    const kept = this.#levels.filter(({ list }) => !list.empty || list === except);
    this.#levels.splice(0, this.#levels.length, ...kept);
  }

  #leave(task: number): void {
    if (this.#deadlines.size > 0) this.#deadlines.delete(task);
  }

  #count(task: number, sign: 1 | -1): void {
    const batch = this.#tasks.extras[task];
    if (batch?.sizes === undefined) {
      this.#size += sign;
      this.#bytes += sign * (this.#tasks.bytes[task] as number);
      return;
    }
    for (let index = batch.drawn; index < batch.count; index++) this.#bytes += sign * (batch.sizes[index] as number);
    this.#size += sign * (batch.count - batch.drawn);
  }
}
