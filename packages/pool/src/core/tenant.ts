import { PriorityLevels } from './priority-levels.js';
import type { TaskTable } from './task-table.js';

/** A tenant that has tasks or workers, and its queue. */
export class Tenant {
  readonly queue: PriorityLevels;
  /** Tasks in the queue, the undrawn items of batches among them. */
  waiting = 0;
  /** Tasks that are not over, wherever they are. */
  tasks = 0;
  /** Workers that are bound to it, and here to stay. */
  workers = 0;
  /** Since when it has had workers without a break. */
  servedSince = Infinity;
  /** Something of it may be sent. */
  stirred = false;
  /** Its queue has changed in the present event. */
  touched = false;
  /** Its neighbours in the line of those that wait without a worker. */
  inLine = false;
  before: Tenant | undefined = undefined;
  after: Tenant | undefined = undefined;

  constructor(
    readonly name: string,
    tasks: TaskTable,
  ) {
    this.queue = new PriorityLevels(tasks);
  }
}
