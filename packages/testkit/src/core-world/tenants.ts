import { demand } from './property-violation.js';
import type { WorldState } from './world-state.js';
import type { WorldTask } from './world-task.js';
import type { WorldWorker } from './world-worker.js';

/** Who serves whom in that world, and who waits for it. */
export function tenantsOf(world: WorldState): Tenants {
  return new Tenants(world);
}

class Tenants {
  readonly #world: WorldState;

  constructor(world: WorldState) {
    this.#world = world;
  }

  /** Tenants of which something waits; `sent` is on its way at this moment, so that others of its key are not. */
  waiting(sent?: WorldTask): Set<string> {
    const waiting = new Set<string>();
    for (const task of this.#world.tasks.values()) {
      const isBehind = task.key !== undefined && task.key === sent?.key;
      if (!isBehind && this.#world.isRunnable(task)) waiting.add(task.tenant);
    }
    return waiting;
  }

  workersOf(tenant: string): WorldWorker[] {
    return this.#staying().filter((worker) => worker.tenant === tenant);
  }

  isServed(tenant: string): boolean {
    return this.workersOf(tenant).length > 0;
  }

  /** Tenants of which something waits, and that have no worker. */
  unserved(sent?: WorldTask): string[] {
    return this.#world.isolatesTenants ? [...this.waiting(sent)].filter((tenant) => !this.isServed(tenant)) : [];
  }

  servedSince(tenant: string): number {
    return this.#world.tenants.servedSince.get(tenant) ?? Infinity;
  }

  /** Places that no tenant has yet, or will have when others have left. */
  get coming(): number {
    const starting = this.#staying().filter(({ ready }) => !ready).length;
    return starting + Math.max(0, this.#world.maxWorkers - this.#world.stayingForGood());
  }

  /** The worker begins to serve the task's tenant. */
  bind(worker: WorldWorker, task: WorldTask): void {
    if (!this.#world.isolatesTenants || worker.tenant !== null) return;
    this.#world.tenants.inLineSince.delete(task.tenant);
    if (!this.isServed(task.tenant)) this.#world.tenants.servedSince.set(task.tenant, this.#world.now);
    worker.tenant = task.tenant;
    worker.boundAt = this.#world.now;
  }

  /** Objects to a worker that serves two tenants, and to one that is given to the wrong one. */
  demandRightSend(worker: WorldWorker, task: WorldTask): void {
    if (!this.#world.isolatesTenants) return;
    const { tenant } = task;
    const name = `t${task.name} of '${tenant}' to w${worker.id}`;
    demand(worker.tenant === null || worker.tenant === tenant, 'a worker serves one tenant', name);
    const { move } = this.#world;
    const answered = move.type === 'reply' && move.worker === worker.id;
    if (worker.tenant !== null) {
      const goes = (answered || worker.held.length > 0) && this.#canStart && this.#isOwed(worker, task);
      demand(!goes, 'no tenant starves', `${name}, whose place is due to another tenant`);
      return;
    }
    const others = this.unserved(task).filter((other) => other !== tenant);
    const since = this.isServed(tenant) ? Infinity : (this.#world.tenants.inLineSince.get(tenant) ?? Infinity);
    const first = others.find((other) => (this.#world.tenants.inLineSince.get(other) ?? Infinity) < since);
    demand(first === undefined, 'who has waited longest without a worker gets one', `${name}, before '${first}'`);
    const isLeast = !this.isServed(tenant) || others.length === 0;
    demand(isLeast, 'who has no worker comes first', `${name}, before '${others[0]}'`);
  }

  /** Objects to somebody idle who takes the place of a tenant that has none, and to a worker that has to go for nobody. */
  check(): void {
    this.#checkHopeless();
    if (!this.#world.isolatesTenants || this.#world.paused) return;
    const unserved = this.unserved();
    if (unserved.length > this.#comingSoon && this.#canStart) {
      const idle = this.#staying().find(({ ready, held }) => ready && held.length === 0);
      demand(idle === undefined, 'no tenant starves', `'${unserved[0]}' waits while w${idle?.id} is idle`);
    }
    for (const worker of this.#world.workers.values()) {
      const seen = this.#world.scheduler().workers.get(worker.id);
      if (worker.wasDraining || !this.#world.isDraining(worker) || seen?.due !== null || seen.reason !== 'replaced') {
        continue;
      }
      demand(this.mayGiveWay(worker), 'every stop has a reason', `w${worker.id} gives way to nobody`);
    }
  }

  /** Starts have failed too often, and nobody who is there will ever serve these. */
  #checkHopeless(): void {
    const { starts, scheduler, tasks } = this.#world;
    const { starting, idle } = scheduler().workers;
    if (!this.#world.isolatesTenants || !starts.failedNow || !starts.broken || starting.length > 0) return;
    if (idle.some(({ tenant }) => tenant === undefined)) return;
    for (const task of tasks.values()) {
      const waits = !task.isInWorker && task.waitingItems > 0 && !this.isServed(task.tenant);
      demand(!waits, 'what waits in vain is rejected', `t${task.name} of '${task.tenant}'`);
    }
  }

  /** The worker was told to go, or is about to be: was there a tenant that needs its place? */
  mayGiveWay(worker: WorldWorker): boolean {
    const { now, tuning, paused } = this.#world;
    const { tenant } = worker;
    if (!this.#world.isolatesTenants || tenant === null || paused || !this.#canStart) return false;
    const isIdle = worker.held.length === 0 && !this.#hasAnswered(worker);
    const before = this.workersOf(tenant).length + 1;
    const unserved = this.unserved().filter((other) => other !== tenant).length;
    const others = [...this.waiting()].filter((other) => other !== tenant && this.isServed(other));
    if (unserved >= this.coming && (before > 1 || now >= worker.boundAt + tuning.tenantTurn)) return true;
    if (this.coming <= 1 && others.some((other) => this.workersOf(other).length <= before - 2)) return true;
    if (worker.held.length > 0) return false;
    return unserved > 0 || (isIdle && others.length > 0 && now >= worker.idleSince + tuning.tenantTurn);
  }

  /** A busy worker may have room and get nothing, as somebody else may need its place. */
  mayBeOwed(worker: WorldWorker): boolean {
    if (!this.#world.isolatesTenants || worker.tenant === null || !this.#canStart) return false;
    const held = this.workersOf(worker.tenant).length;
    return [...this.waiting()].some((other) => !this.isServed(other) || this.workersOf(other).length <= held - 2);
  }

  eventOver(): void {
    for (const worker of this.#world.workers.values()) worker.wasDraining = this.#world.isDraining(worker);
    this.#world.tenants.eventOver(this.unserved());
  }

  /** Those of them that nobody has to finish something in. */
  get #comingSoon(): number {
    const starting = this.#staying().filter(({ ready }) => !ready).length;
    const finishing = [...this.#world.workers.values()].filter(({ held, id }) => {
      return held.length > 0 && this.#world.scheduler().workers.get(id)?.state === 'stopping';
    }).length;
    return starting + Math.max(0, this.#world.maxWorkers - this.#world.stayingForGood() - finishing);
  }

  #isOwed(worker: WorldWorker, sent?: WorldTask): boolean {
    const { now, tuning } = this.#world;
    if (this.unserved(sent).length <= this.coming) return false;
    return this.workersOf(worker.tenant ?? '').length > 1 || now >= worker.boundAt + tuning.tenantTurn;
  }

  #hasAnswered(worker: WorldWorker): boolean {
    const { move } = this.#world;
    return move.type === 'reply' && move.worker === worker.id;
  }

  get #canStart(): boolean {
    return this.#world.starts.until <= this.#world.now;
  }

  #staying(): WorldWorker[] {
    return [...this.#world.workers.values()].filter(
      (worker) => worker.told === null && !this.#world.isDraining(worker),
    );
  }
}
