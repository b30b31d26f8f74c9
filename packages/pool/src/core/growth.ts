import type { CoreState } from './core-state.js';
import type { Settlement } from './settlement.js';
import type { Tenant } from './tenant.js';
import type { TenantTable } from './tenant-table.js';
import type { Worker } from './worker.js';

/** Tasks that wait, and the workers that serve them: those of the pool, or of one tenant. */
interface Group {
  readonly waiting: number;
  readonly oldestQueuedAt: number;
  /** Warm workers, and those of them that have tasks. */
  readonly warm: number;
  readonly busy: readonly Worker[];
  /** Since when a worker has been warm: what waited only for a cold start is no pressure. */
  readonly since: number;
}

/** Starts workers: the minimum always, more under pressure, one probe at a time after failures. */
export class Growth {
  readonly #core: CoreState;
  readonly #settlement: Settlement;
  #warmSince = Infinity;

  constructor(core: CoreState, settlement: Settlement) {
    this.#core = core;
    this.#settlement = settlement;
  }

  /** Workers that are missing to the minimum; those that are due to leave do not count. */
  get missing(): number {
    const { closing, minimum, workers, due, backoff, waiting } = this.#core;
    if (closing !== false) return 0;
    if (backoff.broken && workers.staying === 0 && waiting.runnable === 0) return 0;
    return minimum - (workers.staying - due.size);
  }

  /** Starts what is wanted, as far as there is room and the back-off allows. */
  grow(): void {
    const { workers, backoff, options, now } = this.#core;
    if (workers.warm === 0) this.#warmSince = Infinity;
    else if (this.#warmSince === Infinity) this.#warmSince = now;
    const atOnce = backoff.failures > 0 ? 1 : options.maxStarting;
    const possible = Math.min(this.#core.places, atOnce - workers.starting.length);
    if (possible <= 0) return;
    const wanted = this.#wanted();
    if (wanted <= 0) return;
    if (backoff.until > now) {
      this.#core.arm(backoff.until);
      return;
    }
    for (let i = Math.min(wanted, possible); i > 0; i--) this.#start();
  }

  /** A worker ended before it was ready. `forGood`: trying again at once is useless. Where none is left, what waits has waited in vain. */
  startFailed(forGood: boolean): void {
    const { backoff, workers, waiting, effects, now } = this.#core;
    if (forGood) backoff.failedForGood(now);
    else backoff.failed(now);
    if (!backoff.broken || workers.starting.length > 0 || this.#anybodyIsServed) return;
    for (const task of [...waiting]) if (!this.#isServed(task)) this.#settlement.settleWaiting(task, 'start-failed');
    if (workers.warm === 0) effects.startsFailed();
  }

  #wanted(): number {
    const { workers, waiting, tenants, options, paused } = this.#core;
    const { missing } = this;
    if (waiting.runnable === 0 || paused) return missing;
    // Whoever has served its only task is no help: each of those that wait needs a worker of its own.
    if (options.maxTasksPerWorker === 1) return Math.max(missing, waiting.runnable - workers.starting.length);
    if (tenants !== undefined) return Math.max(missing, this.#wantedBy(tenants));
    if (workers.staying === 0) return Math.max(1, missing);
    if (workers.warm === 0) return missing;
    return Math.max(missing, this.#pressure(this.#pool) - workers.starting.length);
  }

  /** A tenant without a worker has nobody to wait for; any other wants more under pressure. */
  #wantedBy(tenants: TenantTable): number {
    let wanted = tenants.line.size;
    for (const [tenant, workers] of tenants.served) if (tenant.waiting > 0) wanted += this.pressureOf(tenant, workers);
    return wanted - this.#core.workers.starting.length;
  }

  /** Workers that would shorten the wait of the tenant's tasks. */
  pressureOf({ waiting, queue, servedSince }: Tenant, workers: readonly Worker[]): number {
    const { oldestQueuedAt } = queue;
    return this.#pressure({ waiting, oldestQueuedAt, warm: workers.length, busy: workers, since: servedSince });
  }

  get #pool(): Group {
    const { waiting, workers } = this.#core;
    const { runnable, oldestRunnable } = waiting;
    const { warm, busy } = workers;
    return { waiting: runnable, oldestQueuedAt: oldestRunnable, warm, busy, since: this.#warmSince };
  }

  /**
   * Workers that would shorten the wait: none until the predicted wait is too long. It is the larger of what the oldest task
   * has waited and what the backlog will take; the age of a running task is a lower bound of what a task takes.
   */
  #pressure({ waiting, oldestQueuedAt, warm, busy, since }: Group): number {
    const { serviceTime, tasks, tuning, options, now } = this.#core;
    let unstarted = waiting;
    let oldestStart = now;
    for (const { inFlight } of busy) {
      if (inFlight.length === 0) return 0; // it is about to take what waits
      if (options.concurrency === 1) unstarted += inFlight.length - 1;
      oldestStart = Math.min(oldestStart, tasks.startedAt[inFlight.at(0)] as number);
    }
    const bearableService = (tuning.growthWait * warm * options.concurrency) / unstarted;
    const tooOldAt = Math.max(oldestQueuedAt, since) + tuning.growthWait;
    const growAt = serviceTime.mean >= bearableService ? now : Math.min(tooOldAt, oldestStart + bearableService);
    if (growAt <= now) return Math.ceil(unstarted / options.concurrency);
    this.#core.arm(growAt);
    return 0;
  }

  /** Whoever waits will be served, although no worker can be started. */
  get #anybodyIsServed(): boolean {
    const { tenants, workers } = this.#core;
    if (tenants === undefined) return workers.warm > 0;
    return workers.idle.some(({ tenant }) => tenant === undefined);
  }

  /** One of its tenant's workers will come to it. */
  #isServed(task: number): boolean {
    const { tenants } = this.#core;
    return tenants !== undefined && tenants.of(task).workers > 0;
  }

  #start(): void {
    const { workers, options, effects, tally, now } = this.#core;
    const worker = workers.add(now);
    tally.started++;
    worker.stepDeadline = now + options.startTimeout;
    this.#core.arm(worker.stepDeadline);
    effects.startWorker(worker.id, worker.slot);
  }
}
