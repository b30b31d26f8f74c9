import type { TaskTable } from './task-table.js';
import { Tenant } from './tenant.js';
import { TenantLine } from './tenant-line.js';
import type { Worker } from './worker.js';

/** Every tenant that has tasks or workers, and whose each of them is; only where a worker serves one tenant alone. */
export class TenantTable {
  readonly #tasks: TaskTable;
  readonly #byName = new Map<string, Tenant>();
  /** By task. */
  readonly #of: (Tenant | undefined)[] = [];
  readonly line = new TenantLine();
  /** Those that have workers, with these: never more than there are workers. */
  readonly served = new Map<Tenant, Worker[]>();
  /** Workers that are bound to a tenant, and neither leave nor are due to. */
  bound = 0;
  #stirred: Tenant[] = [];
  readonly #touched: Tenant[] = [];

  constructor(tasks: TaskTable) {
    this.#tasks = tasks;
  }

  /** Whose task it is. */
  of(task: number): Tenant {
    const tenant = this.#of[task];
    if (tenant === undefined) throw new Error(`task ${task} has no tenant`);
    return tenant;
  }

  /** A new task is that tenant's. */
  join(task: number, name: string): void {
    let tenant = this.#byName.get(name);
    if (tenant === undefined) {
      tenant = new Tenant(name, this.#tasks);
      this.#byName.set(name, tenant);
    }
    this.#of[task] = tenant;
    tenant.tasks++;
  }

  /** An item of a batch is whose the batch is. */
  joinBatch(task: number, batch: number): void {
    const tenant = this.of(batch);
    this.#of[task] = tenant;
    tenant.tasks++;
  }

  /** The task is over. */
  part(task: number): void {
    const tenant = this.of(task);
    this.#of[task] = undefined;
    tenant.tasks--;
    this.#forgetIfOver(tenant);
  }

  /** So many more tasks, or fewer, are in the tenant's queue. */
  changeWaiting(tenant: Tenant, by: number): void {
    tenant.waiting += by;
    if (tenant.touched) return;
    tenant.touched = true;
    this.#touched.push(tenant);
  }

  /** Tenants whose queues have changed come in line, or leave it; once per event, so that nobody loses the place by one task that follows another. */
  settleLine(): void {
    for (const tenant of this.#touched) {
      tenant.touched = false;
      this.#placeInLine(tenant);
    }
    this.#touched.length = 0;
  }

  /** The worker serves this tenant from now on, and never another. */
  bind(worker: Worker, tenant: Tenant, now: number): void {
    worker.tenant = tenant;
    worker.boundAt = now;
    if (worker.due === null) this.bound++;
    if (tenant.workers++ === 0) {
      tenant.servedSince = now;
      this.served.set(tenant, [worker]);
    } else this.served.get(tenant)?.push(worker);
    this.#placeInLine(tenant);
  }

  /** The worker has become due to leave. */
  becameDue(worker: Worker): void {
    if (worker.tenant !== undefined) this.bound--;
  }

  /** The worker gets nothing more to do. */
  release(worker: Worker): void {
    const { tenant } = worker;
    if (tenant === undefined) return;
    const workers = this.served.get(tenant) ?? [];
    const index = workers.indexOf(worker);
    if (index < 0) return;
    workers.splice(index, 1);
    if (worker.due === null) this.bound--;
    if (--tenant.workers > 0) return;
    this.served.delete(tenant);
    this.#placeInLine(tenant);
    this.#forgetIfOver(tenant);
  }

  /** Something of it may be sent: a task has come, or a worker has room. */
  stir(tenant: Tenant): void {
    if (tenant.stirred) return;
    tenant.stirred = true;
    this.#stirred.push(tenant);
  }

  /** Those of which something may be sent, once. */
  takeStirred(): readonly Tenant[] {
    if (this.#stirred.length === 0) return this.#stirred;
    const stirred = this.#stirred;
    this.#stirred = [];
    for (const tenant of stirred) tenant.stirred = false;
    return stirred;
  }

  [Symbol.iterator](): IterableIterator<Tenant> {
    return this.#byName.values();
  }

  #placeInLine(tenant: Tenant): void {
    this.line.put(tenant, tenant.waiting > 0 && tenant.workers === 0);
  }

  #forgetIfOver(tenant: Tenant): void {
    if (tenant.tasks === 0 && tenant.workers === 0) this.#byName.delete(tenant.name);
  }
}
