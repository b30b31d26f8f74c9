import type { TaskQueue } from './task-queue.js';
import type { TaskTable } from './task-table.js';
import type { TenantTable } from './tenant-table.js';

/** A queue for each tenant, so that those who have no worker are in nobody's way. */
export class TenantQueues implements TaskQueue {
  readonly #tasks: TaskTable;
  readonly #tenants: TenantTable;

  constructor(tasks: TaskTable, tenants: TenantTable) {
    this.#tasks = tasks;
    this.#tenants = tenants;
  }

  /** Looks at every tenant. */
  get oldestQueuedAt(): number {
    let oldest = Infinity;
    for (const { queue } of this.#tenants) oldest = Math.min(oldest, queue.oldestQueuedAt);
    return oldest;
  }

  pushBack(task: number): void {
    this.#tenants.of(task).queue.pushBack(task);
    this.#added(task);
  }

  restore(task: number): void {
    this.#tenants.of(task).queue.restore(task);
    this.#added(task);
  }

  remove(task: number): void {
    const tenant = this.#tenants.of(task);
    tenant.queue.remove(task);
    this.#tenants.changeWaiting(tenant, -this.#tasks.undrawn(task));
  }

  /** An item has left the batch, which stays where it is. */
  drawn(batch: number): void {
    this.#tenants.changeWaiting(this.#tenants.of(batch), -1);
  }

  *[Symbol.iterator](): Generator<number> {
    for (const { queue } of this.#tenants) yield* queue;
  }

  #added(task: number): void {
    const tenant = this.#tenants.of(task);
    this.#tenants.changeWaiting(tenant, this.#tasks.undrawn(task));
    this.#tenants.stir(tenant);
  }
}
