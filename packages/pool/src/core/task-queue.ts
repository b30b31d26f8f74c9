/** Where tasks wait for nothing but a worker, in the order of their turns. */
export interface TaskQueue extends Iterable<number> {
  /** When the oldest of those whose turn comes next was queued, or `Infinity`. */
  readonly oldestQueuedAt: number;
  /** Adds a task that is younger than all others. */
  pushBack(task: number): void;
  /** Puts a task in its place. */
  restore(task: number): void;
  remove(task: number): void;
}
