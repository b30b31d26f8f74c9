import type { CoreState } from './core-state.js';
import type { Blame, Dispatch } from './dispatch.js';
import type { Growth } from './growth.js';
import { Liveness } from './liveness.js';
import type { RunTime } from './run-time.js';
import type { Stopping } from './stopping.js';
import type { Worker, WorkerAbilities } from './worker.js';
import { DRAINED, EXIT, READY, type RetireReason, STARTING, STOPPING } from './worker-state.js';

const GOLDEN_RATIO = 0.618_033_988_749_895;
/** Share of a worker's lifetime that jitter may take off. */
const LIFETIME_JITTER = 0.1;

/** A worker that left for one of these before it was ready says nothing about the next start. */
const UNWANTED: ReadonlySet<RetireReason | null> = new Set<RetireReason>(['replaced', 'resized', 'closing']);

/** What happens to a worker between its start and its exit, beside its tasks. */
export class WorkerLife {
  readonly #core: CoreState;
  readonly #stopping: Stopping;
  readonly #runTime: RunTime;
  readonly #growth: Growth;
  readonly #dispatch: Dispatch;
  readonly #liveness: Liveness;

  constructor(core: CoreState, parts: { stopping: Stopping; runTime: RunTime; growth: Growth; dispatch: Dispatch }) {
    this.#core = core;
    this.#stopping = parts.stopping;
    this.#runTime = parts.runTime;
    this.#growth = parts.growth;
    this.#dispatch = parts.dispatch;
    this.#liveness = new Liveness(core, parts.stopping);
  }

  ready(worker: Worker, abilities: WorkerAbilities): void {
    if (worker.code !== STARTING) return; // it was told to leave meanwhile
    const { now } = this.#core;
    this.#core.workers.transition(worker, READY);
    worker.abilities = abilities;
    worker.readyAt = now;
    worker.stepDeadline = Infinity;
    worker.expiresAt = now + this.#lifetimeOf(worker.id);
    this.#core.arm(worker.expiresAt);
    this.#core.backoff.succeeded();
    this.#liveness.rest(worker);
  }

  /** It has answered its last task, and there was none to follow. */
  drained(worker: Worker): void {
    const { workers, options } = this.#core;
    workers.transition(worker, DRAINED);
    if (worker.code === STOPPING) this.#stopping.drained(worker);
    else if (worker.tasksDone < options.maxTasksPerWorker) this.#liveness.rest(worker);
    else this.#stopping.retire(worker, 'max-tasks', 'draining');
  }

  exited(worker: Worker, end: Blame & { forGood?: boolean }): void {
    const { workers, tenants, tally, backoff, due } = this.#core;
    workers.transition(worker, EXIT);
    due.delete(worker);
    tenants?.release(worker);
    if (worker.reason !== null) tally.retired[worker.reason]++;
    else if (worker.everReady) tally.crashes++;
    this.#dispatch.lost(worker, end);
    if (!worker.everReady) {
      if (!UNWANTED.has(worker.reason)) this.#growth.startFailed(end.forGood === true);
    } else if (worker.reason === null && worker.tasksDone === 0 && worker.inFlight.length === 0) {
      backoff.diedUnused(this.#core.now);
    }
  }

  inspected(worker: Worker, verdict: 'runs' | 'stopped'): void {
    if (worker.untold) this.#liveness.inspected(worker, verdict);
  }

  /** Looks at every worker that has something due, and arms the deadlines of all. */
  deadlineReached(): void {
    const { workers, now } = this.#core;
    for (const worker of workers) {
      if (worker.deadline <= now) this.#deadlineOf(worker);
      this.#core.arm(worker.deadline);
    }
  }

  #deadlineOf(worker: Worker): void {
    const { now } = this.#core;
    if (worker.stepDeadline <= now) {
      if (worker.stopStep !== null) this.#stopping.graceOver(worker);
      else this.#stopping.retire(worker, 'timeout', 'killed');
    }
    this.#runTime.deadlineReached(worker);
    if (worker.expiresAt <= now) this.#stopping.makeDue(worker, 'max-lifetime');
    if (worker.livenessAt <= now) this.#liveness.deadlineReached(worker);
  }

  /** Spread by the golden ratio over the last tenth, which needs no random numbers. */
  #lifetimeOf(workerId: number): number {
    const spread = (workerId * GOLDEN_RATIO) % 1;
    return this.#core.options.maxWorkerLifetime * (1 - LIFETIME_JITTER * spread);
  }
}
