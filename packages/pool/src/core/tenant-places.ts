import type { CoreState } from './core-state.js';
import type { Growth } from './growth.js';
import type { Stopping } from './stopping.js';
import type { Tenant } from './tenant.js';
import type { TenantTable } from './tenant-table.js';
import type { Worker } from './worker.js';
import { BUSY } from './worker-state.js';

/**
 * Which workers leave so that another tenant gets a place, where all are taken. An idle one of somebody else does at once, the
 * least recently used first; a busy one after its task, if its tenant holds two more than one that waits, or if its turn is
 * over and somebody has none.
 */
export class TenantPlaces {
  readonly #core: CoreState;
  readonly #tenants: TenantTable;
  readonly #stopping: Stopping;
  readonly #growth: Growth;

  constructor(core: CoreState, parts: { tenants: TenantTable; stopping: Stopping; growth: Growth }) {
    this.#core = core;
    this.#tenants = parts.tenants;
    this.#stopping = parts.stopping;
    this.#growth = parts.growth;
  }

  /** The worker has answered: the moment at which it may have to go. */
  giveUp(worker: Worker): void {
    if (worker.code === BUSY && this.isOwed(worker)) this.#stopping.retire(worker, 'replaced', 'draining');
  }

  /** True where the place of a busy worker is another tenant's by rights. */
  isOwed(worker: Worker): boolean {
    const { tuning, now } = this.#core;
    const held = worker.tenant?.workers ?? 0;
    if (held === 0 || !this.#canStart) return false;
    const coming = this.#coming;
    if (this.#tenants.line.size > coming) return held > 1 || now >= worker.boundAt + tuning.tenantTurn;
    return coming === 0 && held > 2 && this.#isPressed(held - 2);
  }

  /** Lets idle workers of others go where a tenant has none; or, once they have been idle for a turn, where one has too few. */
  makePlaces(): void {
    const { workers, waiting, tuning, now } = this.#core;
    if (waiting.runnable === 0 || workers.idle.length === 0 || !this.#canStart) return;
    let oldest = this.#oldestIdle;
    while (oldest !== undefined && this.#tenants.line.size > this.#comingSoon) {
      this.#stopping.retire(oldest, 'replaced', 'draining');
      oldest = this.#oldestIdle;
    }
    if (oldest === undefined || this.#coming > 0) return;
    const turnOver = oldest.idleSince + tuning.tenantTurn;
    if (turnOver > now) this.#core.arm(turnOver);
    else if (this.#isPressed(Infinity)) this.#stopping.retire(oldest, 'replaced', 'draining');
  }

  /** Of the tenants that wait, the one with the fewest workers. */
  fewestWorkers(): Tenant | undefined {
    let fewest: Tenant | undefined;
    for (const tenant of this.#tenants.served.keys()) {
      if (tenant.waiting > 0 && tenant.workers < (fewest?.workers ?? Infinity)) fewest = tenant;
    }
    return fewest;
  }

  /** Nobody gives a place away that can't be filled. */
  get #canStart(): boolean {
    const { backoff, now } = this.#core;
    if (backoff.until <= now) return true;
    this.#core.arm(backoff.until);
    return false;
  }

  /** Places that no tenant has yet: workers that start, and as many as may still be started now or when others have left. */
  get #coming(): number {
    const { workers, due, maxWorkers } = this.#core;
    return workers.starting.length + Math.max(0, maxWorkers - (workers.staying - due.size));
  }

  /** The same without those of workers that have something to finish first, which may take long. */
  get #comingSoon(): number {
    const { workers, due, maxWorkers } = this.#core;
    let finishing = 0;
    for (const { inFlight } of workers.stopping) if (inFlight.length > 0) finishing++;
    return workers.starting.length + Math.max(0, maxWorkers - (workers.staying - due.size) - finishing);
  }

  /** True where a tenant with at most so many workers waits too long for them. */
  #isPressed(workers: number): boolean {
    for (const [tenant, its] of this.#tenants.served) {
      if (tenant.waiting > 0 && its.length <= workers && this.#growth.pressureOf(tenant, its) > 0) return true;
    }
    return false;
  }

  /** The worker of a tenant that has been idle for longest, and for which nothing waits. */
  get #oldestIdle(): Worker | undefined {
    return this.#core.workers.idle.find(({ tenant }) => tenant?.waiting === 0);
  }
}
