import { TaskList } from './task-list.js';
import type { TaskQueue } from './task-queue.js';
import type { TaskTable } from './task-table.js';

const NONE = -1;

/** The tasks of one key. */
interface Lane {
  /** The one that comes first: it stands in the queue, or is on its way until a worker lets go of it for good. */
  first: number;
  /** A worker has had it, so nothing overtakes it any more. */
  sent: boolean;
  /** The others, created on first need. */
  waiting: TaskList | undefined;
}

/**
 * Tasks of one key run one at a time, in order among equals in priority. Of each key the first stands in the queue; the
 * others wait here, where they are in nobody's way.
 */
export class KeyLanes {
  readonly #tasks: TaskTable;
  readonly #queue: TaskQueue;
  readonly #lanes = new Map<string, Lane>();
  #blocked = 0;

  constructor(tasks: TaskTable, queue: TaskQueue) {
    this.#tasks = tasks;
    this.#queue = queue;
  }

  /** Tasks that wait here. */
  get blocked(): number {
    return this.#blocked;
  }

  /** When the oldest that waits here was queued, or `Infinity`. */
  get oldestQueuedAt(): number {
    let oldest = Infinity;
    for (const task of this) oldest = Math.min(oldest, this.#tasks.queuedAt[task] as number);
    return oldest;
  }

  /** A new task: to the queue if it is the first of its key. */
  enter(task: number): void {
    const key = this.#tasks.extras[task]?.key as string;
    const lane = this.#lanes.get(key);
    if (lane === undefined) this.#lanes.set(key, { first: task, sent: false, waiting: undefined });
    else if (!lane.sent && this.#tasks.precedes(task, lane.first)) this.#overtake(task, lane);
    else {
      this.#block(task, lane);
      return;
    }
    this.#queue.pushBack(task);
  }

  /** The first is sent; of a batch an item goes in its place, and the rest of the batch waits for that. */
  sent(first: number, task: number): void {
    const lane = this.#laneOf(first);
    lane.first = task;
    lane.sent = true;
    if (first === task || this.#tasks.undrawn(first) === 0) return;
    this.#queue.remove(first);
    this.#block(first, lane);
  }

  /** The task does not wait any more. */
  leave(task: number): void {
    this.#laneOf(task).waiting?.remove(task);
    this.#blocked -= this.#tasks.undrawn(task);
    this.#tasks.extrasOf(task).place = 'queue';
  }

  /** If the task was the first, the next one takes its place in the queue. */
  release(task: number): void {
    const key = this.#tasks.extras[task]?.key as string;
    const lane = this.#lanes.get(key);
    if (lane?.first !== task) return;
    const next = lane.waiting?.head ?? NONE;
    if (next === NONE) {
      this.#lanes.delete(key);
      return;
    }
    this.leave(next);
    lane.first = next;
    lane.sent = false;
    this.#queue.restore(next);
  }

  *[Symbol.iterator](): Generator<number> {
    if (this.#blocked === 0) return;
    for (const { waiting } of this.#lanes.values()) if (waiting !== undefined) yield* waiting;
  }

  #laneOf(task: number): Lane {
    const lane = this.#lanes.get(this.#tasks.extras[task]?.key as string);
    if (lane === undefined) throw new Error(`task ${task} has no lane`);
    return lane;
  }

  #overtake(task: number, lane: Lane): void {
    this.#queue.remove(lane.first);
    this.#block(lane.first, lane);
    lane.first = task;
  }

  #block(task: number, lane: Lane): void {
    lane.waiting ??= new TaskList(this.#tasks);
    lane.waiting.insert(task);
    this.#blocked += this.#tasks.undrawn(task);
    this.#tasks.extrasOf(task).place = 'lane';
  }
}
