import type { CoreState } from './core-state.js';
import type { Dispatch } from './dispatch.js';
import type { Tenant } from './tenant.js';
import type { TenantPlaces } from './tenant-places.js';
import type { TenantTable } from './tenant-table.js';
import type { Worker } from './worker.js';
import type { WorkerRoom } from './worker-room.js';

const NONE = -1;

/** Finds workers for the tasks whose turn it is, where a worker serves one tenant alone. */
export class TenantPlacement {
  readonly #core: CoreState;
  readonly #tenants: TenantTable;
  readonly #dispatch: Dispatch;
  readonly #room: WorkerRoom;
  readonly #places: TenantPlaces;

  constructor(
    core: CoreState,
    parts: { tenants: TenantTable; dispatch: Dispatch; room: WorkerRoom; places: TenantPlaces },
  ) {
    this.#core = core;
    this.#tenants = parts.tenants;
    this.#dispatch = parts.dispatch;
    this.#room = parts.room;
    this.#places = parts.places;
  }

  /**
   * Sends what waits, as long as a worker has room for it. Fresh workers go to tenants that have none first. Only tenants
   * that were stirred are looked at: of every other either nothing waits or nobody has room.
   */
  sendWaiting(answered: Worker | undefined): void {
    this.#serveLine();
    this.#places.makePlaces();
    if (answered !== undefined) this.#places.giveUp(answered);
    this.#serveStirred(answered);
    this.#useFreshOnes();
    this.#serveStirred(answered);
  }

  #serveLine(): void {
    const { line } = this.#tenants;
    for (let { first } = line; first !== undefined; first = line.first) {
      const worker = this.#idleFor(first);
      if (worker === undefined) return;
      this.#dispatch.send(worker, first.queue.head);
      this.#tenants.stir(first); // there may be more, and the worker may have room for it
    }
  }

  #serveStirred(answered: Worker | undefined): void {
    for (const tenant of this.#tenants.takeStirred()) this.#serve(tenant, answered);
  }

  #serve(tenant: Tenant, answered: Worker | undefined): void {
    for (let task = tenant.queue.head; task !== NONE; task = tenant.queue.head) {
      const worker = this.#choose(tenant, answered);
      if (worker === undefined) return;
      this.#dispatch.send(worker, task);
    }
  }

  /** Whoever is ready and not needed by a tenant without a worker goes to the one that waits and has the fewest. */
  #useFreshOnes(): void {
    const { waiting, workers } = this.#core;
    while (waiting.runnable > 0 && workers.idle.length > 0) {
      const tenant = this.#places.fewestWorkers();
      const worker = tenant === undefined ? undefined : this.#idleFor(tenant);
      if (tenant === undefined || worker === undefined) return;
      this.#dispatch.send(worker, tenant.queue.head);
      this.#tenants.stir(tenant);
    }
  }

  /** Of the tenant's workers the one that has just answered, the idle one that was used last, a fresh one, a busy one. */
  #choose(tenant: Tenant, answered: Worker | undefined): Worker | undefined {
    const idle = this.#idleFor(tenant);
    if (answered?.tenant === tenant && this.#room.has(answered, idle !== undefined)) return answered;
    if (idle !== undefined) return idle;
    const busy = this.#room.leastLoaded(this.#tenants.served.get(tenant) ?? []);
    if (busy === undefined || !this.#places.isOwed(busy)) return busy;
    this.#tenants.stir(tenant); // unless it turns out that its place is not needed
    return undefined;
  }

  /** Its own before a fresh one. */
  #idleFor(tenant: Tenant): Worker | undefined {
    const { idle } = this.#core.workers;
    let fresh: Worker | undefined;
    for (let i = idle.length - 1; i >= 0; i--) {
      const worker = idle[i] as Worker;
      if (worker.tenant === tenant) return worker;
      if (worker.tenant === undefined) fresh ??= worker;
    }
    return fresh;
  }
}
