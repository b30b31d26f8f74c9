import { Closing } from './closing.js';
import { CoreState } from './core-state.js';
import { type Blame, Dispatch, type ReplyKind } from './dispatch.js';
import type { Effects } from './effects.js';
import { Growth } from './growth.js';
import { type CoreOptions, type CoreTuning, DEFAULT_TUNING } from './options.js';
import { Placement } from './placement.js';
import { Replacement } from './replacement.js';
import { Retries } from './retries.js';
import { RunTime } from './run-time.js';
import { SchedulerView } from './scheduler-view.js';
import { Settlement } from './settlement.js';
import type { StopStep } from './stop-step.js';
import { Stopping } from './stopping.js';
import type { TaskSpec } from './task-spec.js';
import { CANCELLING, QUEUED, SENT } from './task-state.js';
import { TenantPlacement } from './tenant-placement.js';
import { TenantPlaces } from './tenant-places.js';
import type { Worker, WorkerAbilities } from './worker.js';
import { WorkerLife } from './worker-life.js';
import { WorkerRoom } from './worker-room.js';
import type { RetireReason } from './worker-state.js';

const NONE = -1;

/** How a worker ended, as far as it matters here. */
export interface WorkerEnd extends Blame {
  /** It could not even be started, and trying again is useless (no such file, no permission). */
  forGood?: boolean;
}

/**
 * Decides what runs where. Pure: no I/O, no clock, no promises; it is told what happened and at what time, and tells its
 * `Effects` what to do, in order. Every event ends in the same `#assign`, so no wake-up can be lost.
 */
export class Scheduler extends SchedulerView {
  readonly #stopping: Stopping;
  readonly #settlement: Settlement;
  readonly #runTime: RunTime;
  readonly #dispatch: Dispatch;
  readonly #room: WorkerRoom;
  readonly #placement: Placement | TenantPlacement;
  /** Only where tenants are isolated from each other. */
  readonly #places: TenantPlaces | undefined;
  readonly #growth: Growth;
  readonly #replacement: Replacement;
  readonly #life: WorkerLife;
  readonly #closing: Closing;
  #handling = false;
  #refused = false;

  constructor(options: CoreOptions, effects: Effects, tuning: Readonly<CoreTuning> = DEFAULT_TUNING) {
    const core = new CoreState(options, { ...tuning }, effects);
    super(core);
    const settlement = new Settlement(core);
    const stopping = new Stopping(core);
    const retries = new Retries(core);
    const runTime = new RunTime(core, { stopping, settlement, retries });
    const growth = new Growth(core, settlement);
    this.#settlement = settlement;
    this.#stopping = stopping;
    this.#runTime = runTime;
    this.#growth = growth;
    this.#dispatch = new Dispatch(core, { runTime, settlement, retries, stopping });
    this.#room = new WorkerRoom(core);
    const placing = { dispatch: this.#dispatch, room: this.#room };
    const { tenants } = core;
    const places = tenants && new TenantPlaces(core, { tenants, stopping, growth });
    this.#places = places;
    this.#placement =
      tenants === undefined || places === undefined
        ? new Placement(core, placing)
        : new TenantPlacement(core, { ...placing, tenants, places });
    this.#replacement = new Replacement(core, { stopping, growth });
    this.#life = new WorkerLife(core, { stopping, runTime, growth, dispatch: this.#dispatch });
    this.#closing = new Closing(core, { stopping, runTime, settlement });
  }

  /** Tasks that one worker may hold at present. */
  get depth(): number {
    return this.#room.depth;
  }

  /** A task that was refused counts as submitted and rejected; `full`: there will be a `roomAvailable`. */
  taskRefused(count: number, reason: 'full' | 'closed'): void {
    this.core.tally.refused(count);
    if (reason === 'full') this.#refused = true;
  }

  /** A slot for a task that comes next: its name until it is settled and no worker holds it. Decides nothing yet. */
  admit(spec: TaskSpec, now: number): number {
    if (this.core.closing !== false) throw new Error('a task was submitted to a closing scheduler');
    const task = this.core.tasks.add(spec, now);
    this.core.tenants?.join(task, spec.tenant);
    return task;
  }

  /** The admitted task waits from now on. */
  taskSubmitted(task: number, now: number): void {
    this.#enter(now);
    const { tasks, waiting, budget, tally } = this.core;
    const count = tasks.undrawn(task);
    tally.tasks.submitted += count;
    budget.submitted(count);
    waiting.add(task);
    this.#assign(undefined);
  }

  /** The caller gave up. Of a batch, the items that were not drawn yet. */
  taskAborted(task: number, now: number): void {
    this.#enter(now);
    const { tasks, workers } = this.core;
    const state = tasks.state[task];
    const worker = workers.get(tasks.worker[task] as number);
    if (state === QUEUED && tasks.undrawn(task) > 0) this.#settlement.settleWaiting(task, 'aborted');
    else if (state === SENT) this.#runTime.cancel(worker as Worker, task, 'aborted');
    else if (state === CANCELLING) this.#settlement.giveUpRetry(task, 'aborted');
    this.#assign(undefined);
  }

  workerReady(workerId: number, abilities: WorkerAbilities, now: number): void {
    const worker = this.#enterFor(workerId, now);
    if (worker !== undefined) this.#life.ready(worker, abilities);
    this.#assign(undefined);
  }

  /** The worker's answer to a task that it holds. */
  replied(workerId: number, task: number, kind: ReplyKind, now: number): void {
    const worker = this.#enterFor(workerId, now);
    if (worker !== undefined) this.#dispatch.reply(worker, task, kind);
    this.#assign(worker);
  }

  /** The reply of a task was damaged: the task fails, its worker is killed. `task` is -1 where it is unknown. */
  replyDamaged(workerId: number, task: number, now: number): void {
    const worker = this.#enterFor(workerId, now);
    if (worker !== undefined) {
      if (task !== NONE) this.#dispatch.reply(worker, task, 'damaged');
      this.#stopping.retire(worker, 'protocol-error', 'killed');
    }
    this.#assign(worker);
  }

  /** The worker must leave: softly (after its tasks, as soon as that delays none), or at once. */
  retire(workerId: number, reason: RetireReason, order: { step: 'due' | StopStep; now: number }): void {
    const worker = this.#enterFor(workerId, order.now);
    if (worker !== undefined) {
      if (order.step === 'due') this.#stopping.makeDue(worker, reason);
      else this.#stopping.retire(worker, reason, order.step);
    }
    this.#assign(undefined);
  }

  /** The process has exited, or closed its channel, and not all that it said was heard: it can't be given anything. */
  workerLeaves(workerId: number, now: number): void {
    const worker = this.#enterFor(workerId, now);
    if (worker !== undefined) this.#stopping.leaves(worker);
    this.#assign(undefined);
  }

  /** The process is gone and everything that it said was heard. */
  workerExited(workerId: number, end: WorkerEnd, now: number): void {
    const worker = this.#enterFor(workerId, now);
    if (worker !== undefined) this.#life.exited(worker, end);
    this.#assign(undefined);
  }

  pongReceived(workerId: number, now: number): void {
    const worker = this.#enterFor(workerId, now);
    if (worker !== undefined) worker.pingUnanswered = false;
    this.#assign(undefined);
  }

  /** The answer to `inspectWorker`: does the worker still run? */
  workerInspected(workerId: number, verdict: 'runs' | 'stopped', now: number): void {
    const worker = this.#enterFor(workerId, now);
    if (worker !== undefined) this.#life.inspected(worker, verdict);
    this.#assign(undefined);
  }

  deadlineReached(now: number): void {
    this.#enter(now);
    const { waiting } = this.core;
    this.core.nextDeadline = Infinity;
    for (let task = waiting.overdue(now); task !== NONE; task = waiting.overdue(now)) {
      this.#settlement.settleWaiting(task, 'timed-out-waiting');
    }
    waiting.promoteDelayed(now);
    this.#life.deadlineReached();
    this.#assign(undefined);
  }

  resized(size: { minWorkers: number; maxWorkers: number }, now: number): void {
    this.#enter(now);
    this.core.minWorkers = size.minWorkers;
    this.core.maxWorkers = size.maxWorkers;
    this.#assign(undefined);
  }

  /** A pool that closes is paused no more. */
  paused(paused: boolean, now: number): void {
    this.#enter(now);
    this.core.paused = paused && this.core.closing === false;
    this.#assign(undefined);
  }

  /** Every worker of now is replaced, `surge` at a time; `replaced` follows. */
  replaceAll(surge: number, now: number): void {
    this.#enter(now);
    this.#replacement.begin(surge);
    this.#assign(undefined);
  }

  /** No more tasks come; what waits and runs is finished. `closed` follows. */
  close(now: number): void {
    this.#enter(now);
    this.#closing.drain();
    this.#assign(undefined);
  }

  /** Everything ends: the callers are told, the workers killed. `closed` follows. */
  destroy(now: number): void {
    this.#enter(now);
    this.#closing.destroy();
    this.#assign(undefined);
  }

  #enter(now: number): void {
    if (this.#handling) throw new Error('an effect fed the scheduler another event');
    this.#handling = true;
    this.core.now = now;
  }

  /** Ids are never reused, so a late event about a worker that is gone is harmless. */
  #enterFor(workerId: number, now: number): Worker | undefined {
    this.#enter(now);
    return this.core.workers.get(workerId);
  }

  /** The one place that decides. `answered` is the worker whose reply made room, if any. */
  #assign(answered: Worker | undefined): void {
    const { waiting, tenants, due, closing, paused } = this.core;
    if (tenants !== undefined) {
      tenants.settleLine();
      if (answered?.tenant !== undefined) tenants.stir(answered.tenant);
    }
    if (!paused) this.#placement.sendWaiting(answered);
    if (answered !== undefined && answered.inFlight.length === 0) this.#life.drained(answered);
    if (this.#replacement.active) this.#replacement.advance();
    if (due.size > 0) this.#stopping.retireDue();
    if (closing === false) this.#stopping.retireSurplus();
    if (!paused) this.#places?.makePlaces();
    this.#growth.grow();
    this.core.arm(waiting.nextDeadline);
    if (this.#refused) this.#offerRoom();
    if (closing !== false) this.#closing.advance();
    this.#handling = false;
  }

  #offerRoom(): void {
    if (this.limitReached(1) !== null) return;
    this.#refused = false;
    this.core.effects.roomAvailable();
  }
}
