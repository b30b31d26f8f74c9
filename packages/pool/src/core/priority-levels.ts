import { TaskList } from './task-list.js';
import type { TaskQueue } from './task-queue.js';
import type { TaskTable } from './task-table.js';

const NONE = -1;
/** Empty levels are kept, for they will be wanted again; a caller that invents a priority per task must not make them grow without bound. */
const MAX_EMPTY_LEVELS = 64;

interface Level {
  readonly priority: number;
  readonly list: TaskList;
}

/** The queue: a list per priority, first come, first served within each. */
export class PriorityLevels implements TaskQueue {
  readonly #tasks: TaskTable;
  /** Highest priority first. */
  #levels: Level[] = [];

  constructor(tasks: TaskTable) {
    this.#tasks = tasks;
  }

  /** The task whose turn it is, or -1. */
  get head(): number {
    for (let i = 0; i < this.#levels.length; i++) {
      const { head } = (this.#levels[i] as Level).list;
      if (head !== NONE) return head;
    }
    return NONE;
  }

  /** When the oldest of the heads was queued, or `Infinity`. */
  get oldestQueuedAt(): number {
    let oldest = Infinity;
    for (const { list } of this.#levels) {
      if (!list.empty) oldest = Math.min(oldest, this.#tasks.queuedAt[list.head] as number);
    }
    return oldest;
  }

  pushBack(task: number): void {
    this.#listOf(task).pushBack(task);
  }

  restore(task: number): void {
    this.#listOf(task).restore(task);
  }

  remove(task: number): void {
    this.#listOf(task).remove(task);
  }

  *[Symbol.iterator](): Generator<number> {
    for (const { list } of this.#levels) yield* list;
  }

  #listOf(task: number): TaskList {
    const priority = this.#tasks.priority[task] as number;
    const first = this.#levels[0];
    if (first?.priority === priority) return first.list;
    const at = this.#levels.findIndex((level) => level.priority <= priority);
    const found = this.#levels[at];
    return found?.priority === priority ? found.list : this.#insert(priority, at < 0 ? this.#levels.length : at);
  }

  #insert(priority: number, at: number): TaskList {
    const list = new TaskList(this.#tasks);
    this.#levels.splice(at, 0, { priority, list });
    if (this.#levels.length > MAX_EMPTY_LEVELS) {
      this.#levels = this.#levels.filter((level) => level.list === list || !level.list.empty);
    }
    return list;
  }
}
