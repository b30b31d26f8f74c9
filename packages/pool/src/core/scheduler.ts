import { CoreState } from './core-state.js';
import { type Blame, Dispatch, type ReplyKind } from './dispatch.js';
import type { Effects } from './effects.js';
import { Growth } from './growth.js';
import { type CoreOptions, type CoreTuning, DEFAULT_TUNING } from './options.js';
import { Replacement } from './replacement.js';
import type { StopStep } from './stop-step.js';
import { Stopping } from './stopping.js';
import type { Tally } from './tally.js';
import type { TaskSpec, TaskTable } from './task-table.js';
import { CAUSE_OF_PLACE, type WaitingCause } from './waiting-cause.js';
import type { Worker, WorkerAbilities } from './worker.js';
import type { RetireReason } from './worker-state.js';
import type { WorkerTable } from './worker-table.js';

const NONE = -1;
const GOLDEN_RATIO = 0.618_033_988_749_895;
/** Share of a worker's lifetime that jitter may take off. */
const LIFETIME_JITTER = 0.1;

/** How a worker ended, as far as it matters here. */
export interface WorkerEnd extends Blame {
  /** It could not even be started, and trying again is useless (no such file, no permission). */
  forGood?: boolean;
}

/**
 * Decides what runs where. Pure: no I/O, no clock, no promises; it is told what happened and at what time, and tells its
 * `Effects` what to do, in order. Every event ends in the same `#assign`, so no wake-up can be lost.
 */
export class Scheduler {
  readonly #core: CoreState;
  readonly #stopping: Stopping;
  readonly #dispatch: Dispatch;
  readonly #growth: Growth;
  readonly #replacement: Replacement;
  readonly #sendAhead: boolean;
  readonly #hasRoom = (worker: Worker): boolean => this.#roomAt(worker);
  /** Workers that really run several tasks at once must not be overlooked; for sending ahead a few are enough. */
  readonly #lookAt: number | undefined;
  #now = 0;
  #handling = false;
  #refused = false;
  #ended = false;
  #queueCause: WaitingCause = 'cold-start';

  constructor(options: CoreOptions, effects: Effects, tuning: Readonly<CoreTuning> = DEFAULT_TUNING) {
    this.#core = new CoreState(options, { ...tuning }, effects);
    this.#stopping = new Stopping(this.#core);
    this.#dispatch = new Dispatch(this.#core, this.#stopping);
    this.#growth = new Growth(this.#core);
    this.#replacement = new Replacement(this.#core, this.#stopping);
    this.#sendAhead = options.sendAhead && options.concurrency === 1;
    this.#lookAt = options.concurrency === 1 ? undefined : Infinity;
  }

  get tasks(): Readonly<TaskTable> {
    return this.#core.tasks;
  }

  get workers(): Readonly<Pick<WorkerTable, 'get' | 'total' | 'warm' | 'starting' | 'idle' | 'busy' | 'stopping'>> &
    Iterable<Worker> {
    return this.#core.workers;
  }

  get tally(): Readonly<Tally> {
    return this.#core.tally;
  }

  /** Waiting tasks and the bytes of their bodies. */
  get queue(): { readonly size: number; readonly bytes: number; readonly oldestQueuedAt: number } & Iterable<number> {
    return this.#core.waiting;
  }

  /** Starts failed so often that what waited was rejected; each later task gets one probe per back-off. */
  get broken(): boolean {
    return this.#core.backoff.broken && this.#core.workers.warm === 0;
  }

  /** Tasks that one worker may hold at present. */
  get depth(): number {
    if (this.#core.options.concurrency > 1) return this.#core.options.concurrency;
    return this.#sendAhead ? this.#core.serviceTime.depth : 1;
  }

  /** When `deadlineReached` must be called next, or `Infinity`; it may be early, never late. */
  nextDeadline(): number {
    return this.#core.nextDeadline;
  }

  /** The limit that another waiting task of so many bytes would break, or null. */
  limitReached(bytes: number, count = 1): 'maxQueueSize' | 'maxQueueBytes' | null {
    const { waiting, options } = this.#core;
    const full = waiting.size + count > options.maxQueueSize;
    if (!full && (waiting.size === 0 || waiting.bytes + bytes <= options.maxQueueBytes)) return null;
    return full ? 'maxQueueSize' : 'maxQueueBytes';
  }

  /** A task that was refused counts as submitted and rejected; `full`: there will be a `roomAvailable`. */
  taskRefused(count: number, reason: 'full' | 'closed'): void {
    this.#core.tally.refused(count);
    if (reason === 'full') this.#refused = true;
  }

  /** A slot for a task that comes next: its name until it is settled and no worker holds it. Decides nothing yet. */
  admit(spec: TaskSpec, now: number): number {
    if (this.#core.closing !== false) throw new Error('a task was submitted to a closing scheduler');
    return this.#core.tasks.add(spec, now);
  }

  /** The admitted task waits from now on. */
  taskSubmitted(task: number, now: number): void {
    this.#enter(now);
    const { tasks, waiting, budget, tally } = this.#core;
    const count = tasks.undrawn(task);
    tally.tasks.submitted += count;
    budget.submitted(count);
    waiting.add(task);
    this.#leave(undefined);
  }

  /** The caller gave up. Of a batch, the items that were not drawn yet. */
  taskAborted(task: number, now: number): void {
    this.#enter(now);
    const { tasks, workers, effects, tally } = this.#core;
    const state = tasks.stateOf(task);
    if (state === 'queued' && tasks.undrawn(task) > 0) this.#dispatch.settleWaiting(task, 'aborted');
    const worker = workers.get(tasks.worker[task] as number);
    const extras = tasks.extras[task];
    if (state === 'sent' && worker !== undefined) this.#dispatch.cancel(worker, task, { outcome: 'aborted', now });
    else if (state === 'cancelling' && extras?.retryWhenReleased === true) {
      extras.retryWhenReleased = false;
      tally.ended('aborted');
      effects.settleTask(task, 'aborted', true);
    }
    this.#leave(undefined);
  }

  workerReady(workerId: number, abilities: WorkerAbilities, now: number): void {
    this.#enter(now);
    const worker = this.#core.workers.get(workerId);
    if (worker?.state === 'starting') {
      this.#core.workers.transition(worker, 'ready');
      worker.abilities = abilities;
      worker.readyAt = now;
      worker.stepDeadline = Infinity;
      worker.expiresAt = now + this.#lifetimeOf(workerId);
      this.#core.arm(worker.expiresAt);
      this.#core.backoff.succeeded();
      this.#growth.workersChanged(now);
      this.#rest(worker);
    }
    this.#leave(undefined);
  }

  /** The worker's answer to a task that it holds. */
  replied(workerId: number, task: number, kind: ReplyKind, now: number): void {
    this.#enter(now);
    const worker = this.#core.workers.get(workerId);
    if (worker !== undefined) this.#dispatch.reply(worker, task, { kind, now });
    this.#leave(worker);
  }

  /** The reply of a task was damaged: the task fails, its worker is killed. `task` is -1 where it is unknown. */
  replyDamaged(workerId: number, task: number, now: number): void {
    this.#enter(now);
    const worker = this.#core.workers.get(workerId);
    if (worker !== undefined) {
      if (task !== NONE) this.#dispatch.reply(worker, task, { kind: 'damaged', now });
      this.#stopping.retire(worker, 'protocol-error', { step: 'killed', now });
    }
    this.#leave(worker);
  }

  /** The worker must leave: softly (after its tasks, as soon as that delays none), or at once. */
  retire(workerId: number, reason: RetireReason, order: { step: 'due' | StopStep; now: number }): void {
    this.#enter(order.now);
    const worker = this.#core.workers.get(workerId);
    if (worker !== undefined) {
      if (order.step === 'due') this.#stopping.makeDue(worker, reason);
      else this.#stopping.retire(worker, reason, { step: order.step, now: order.now });
    }
    this.#leave(undefined);
  }

  /** The process is gone and everything that it said was heard. */
  workerExited(workerId: number, end: WorkerEnd, now: number): void {
    this.#enter(now);
    const { workers, tally, backoff, due } = this.#core;
    const worker = workers.get(workerId);
    if (worker !== undefined) {
      workers.transition(worker, 'exit');
      due.delete(worker);
      this.#growth.workersChanged(now);
      if (worker.reason !== null) tally.retired[worker.reason]++;
      else if (worker.everReady) tally.crashes++;
      const diedIdle = worker.reason === null && worker.tasksDone === 0 && worker.inFlight.length === 0;
      this.#dispatch.lost(worker, end, now);
      if (!worker.everReady) this.#startFailed(worker, end, now);
      else if (diedIdle) backoff.failed(now);
    }
    this.#leave(undefined);
  }

  pongReceived(workerId: number, now: number): void {
    this.#enter(now);
    const worker = this.#core.workers.get(workerId);
    if (worker !== undefined) worker.pingUnanswered = false;
    this.#leave(undefined);
  }

  /** The answer to `inspectWorker`: does the worker still run? */
  workerInspected(workerId: number, verdict: 'runs' | 'stopped', now: number): void {
    this.#enter(now);
    const worker = this.#core.workers.get(workerId);
    if (worker !== undefined && worker.reason === null) {
      worker.stoppedLooks = verdict === 'stopped' ? worker.stoppedLooks + 1 : 0;
      if (worker.stoppedLooks >= this.#core.tuning.stoppedLooks) {
        this.#stopping.retire(worker, 'unresponsive', { step: 'killed', now });
      }
    }
    this.#leave(undefined);
  }

  deadlineReached(now: number): void {
    this.#enter(now);
    const { workers, waiting } = this.#core;
    this.#core.nextDeadline = Infinity;
    for (let task = waiting.overdue(now); task !== NONE; task = waiting.overdue(now)) {
      this.#dispatch.settleWaiting(task, 'timed-out-waiting');
    }
    waiting.promoteDelayed(now);
    for (const worker of workers) if (worker.deadline <= now) this.#workerDeadline(worker, now);
    for (const worker of workers) this.#core.arm(worker.deadline);
    this.#leave(undefined);
  }

  resized(size: { minWorkers: number; maxWorkers: number }, now: number): void {
    this.#enter(now);
    this.#core.minWorkers = size.minWorkers;
    this.#core.maxWorkers = size.maxWorkers;
    this.#leave(undefined);
  }

  paused(paused: boolean, now: number): void {
    this.#enter(now);
    this.#core.paused = paused;
    this.#leave(undefined);
  }

  /** Every worker of now is replaced, `surge` at a time; `replaced` follows. */
  replaceAll(surge: number, now: number): void {
    this.#enter(now);
    this.#replacement.begin(surge);
    this.#leave(undefined);
  }

  /** No more tasks come; what waits and runs is finished. `closed` follows. */
  close(now: number): void {
    this.#enter(now);
    if (this.#core.closing === false) this.#core.closing = 'drain';
    this.#core.paused = false;
    this.#leave(undefined);
  }

  /** Everything ends: the callers are told, the workers killed. `closed` follows. */
  destroy(now: number): void {
    this.#enter(now);
    this.#core.closing = 'now';
    for (const task of [...this.#core.waiting]) this.#dispatch.settleWaiting(task, 'closed');
    for (const worker of [...this.#core.workers]) this.#destroyWorker(worker, now);
    this.#leave(undefined);
  }

  causeOf(task: number): WaitingCause {
    const place = this.#core.waiting.placeOf(task);
    return place === 'queue' ? this.#queueCause : CAUSE_OF_PLACE[place];
  }

  /** Tasks that workers hold and whose callers still wait. */
  get running(): number {
    let running = 0;
    for (const worker of this.#core.workers) {
      for (let i = 0; i < worker.inFlight.length; i++) {
        const task = worker.inFlight.at(i);
        const waits = this.#core.tasks.extras[task]?.retryWhenReleased === true;
        if (this.#core.tasks.stateOf(task) === 'sent' || waits) running++;
      }
    }
    return running;
  }

  /** How many tasks wait for which reason. */
  causes(): Partial<Record<WaitingCause, number>> {
    const { waiting } = this.#core;
    const all: [WaitingCause, number][] = [
      [this.#queueCause, waiting.runnable],
      ['key-busy', waiting.blocked],
      ['retry-backoff', waiting.delayed],
    ];
    return Object.fromEntries(all.filter(([, count]) => count > 0));
  }

  /** The task of that id which the worker holds, or -1. */
  taskOf(workerId: number, id: number): number {
    const inFlight = this.#core.workers.get(workerId)?.inFlight;
    if (inFlight === undefined) return NONE;
    for (let i = 0; i < inFlight.length; i++) {
      const task = inFlight.at(i);
      if ((this.#core.tasks.id[task] as number) >>> 0 === id) return task;
    }
    return NONE;
  }

  #enter(now: number): void {
    if (this.#handling) throw new Error('an effect fed the scheduler another event');
    this.#handling = true;
    this.#now = now;
  }

  #leave(worker: Worker | undefined): void {
    this.#assign(worker);
    this.#handling = false;
  }

  /** The one place that decides. `answered` is the worker whose reply made room, if any. */
  #assign(answered: Worker | undefined): void {
    if (this.#core.waiting.size > 0 && !this.#core.paused) this.#send(answered);
    if (answered !== undefined && answered.inFlight.length === 0) this.#drained(answered);
    if (this.#core.due.size > 0) this.#stopping.retireDue(this.#now);
    this.#replacement.advance();
    this.#retire();
    this.#growth.grow(this.#now);
    this.#conclude();
  }

  #send(answered: Worker | undefined): void {
    const { waiting, workers } = this.#core;
    for (let head = waiting.head(); head !== NONE; head = waiting.head()) {
      let worker = answered !== undefined && this.#roomAt(answered) ? answered : undefined;
      worker ??= workers.idle[workers.idle.length - 1];
      if (worker === undefined && this.depth > 1) worker = workers.leastLoaded(this.#hasRoom, this.#lookAt);
      if (worker === undefined) return;
      this.#dispatch.sendHead(head, worker, this.#now);
    }
  }

  /** True if one more task may be committed to a busy worker. The first one always may. */
  #roomAt(worker: Worker): boolean {
    if (worker.state !== 'busy') return false;
    const { inFlight } = worker;
    const { options, tuning, workers } = this.#core;
    if (inFlight.length >= options.maxTasksPerWorker - worker.tasksDone) return false;
    if (inFlight.length === 0 || options.concurrency > 1) return inFlight.length < options.concurrency;
    if (worker.due !== null || inFlight.length >= this.depth || workers.idle.length > 0) return false;
    return worker.inFlightBytes < tuning.committedBytes && this.#now - worker.headStartedAt <= tuning.recallAfter;
  }

  #drained(worker: Worker): void {
    if (worker.state === 'exited') return;
    this.#core.workers.transition(worker, 'drained');
    if (worker.state === 'stopping') this.#stopping.drained(worker, this.#now);
    else if (worker.tasksDone >= this.#core.options.maxTasksPerWorker) {
      this.#stopping.retire(worker, 'max-tasks', { step: 'draining', now: this.#now });
    } else this.#rest(worker);
  }

  #rest(worker: Worker): void {
    worker.idleSince = this.#now;
    worker.pingUnanswered = false;
    worker.livenessAt = this.#now + this.#core.tuning.pingInterval;
    this.#core.arm(worker.livenessAt);
  }

  #retire(): void {
    const { workers, waiting, closing } = this.#core;
    if (closing === false) {
      this.#stopping.retireSurplus(this.#now);
      return;
    }
    if (waiting.size > 0) return;
    for (const list of [workers.idle, workers.starting]) {
      for (let worker = list[0]; worker !== undefined; worker = list[0]) {
        this.#stopping.retire(worker, 'closing', { step: 'draining', now: this.#now });
      }
    }
  }

  #conclude(): void {
    const { waiting, workers, effects } = this.#core;
    this.#core.arm(waiting.nextDeadline);
    if (waiting.size > 0) this.#queueCause = this.#nameCause();
    if (this.#refused && this.limitReached(1) === null) {
      this.#refused = false;
      effects.roomAvailable();
    }
    if (this.#core.closing !== false && workers.total === 0 && waiting.size === 0 && !this.#ended) {
      this.#ended = true;
      effects.closed();
    }
    if (workers.total === 0 && waiting.size === 0) this.#core.nextDeadline = Infinity;
  }

  #nameCause(): WaitingCause {
    const { workers, backoff, paused, room } = this.#core;
    if (paused) return 'paused';
    if (workers.starting.length > 0) return 'cold-start';
    if (backoff.until > this.#now && workers.warm === 0) return 'start-backoff';
    return room <= 0 ? 'pool-at-maximum' : 'workers-busy';
  }

  #workerDeadline(worker: Worker, now: number): void {
    const { tuning, effects } = this.#core;
    if (worker.stepDeadline <= now) {
      if (worker.stopStep !== null) this.#stopping.graceOver(worker, now);
      else this.#stopping.retire(worker, 'timeout', { step: 'killed', now });
    }
    if (worker.runDeadline <= now) this.#dispatch.runDeadline(worker, now);
    if (worker.recallAt <= now) this.#dispatch.recall(worker);
    if (worker.expiresAt <= now) this.#stopping.makeDue(worker, 'max-lifetime');
    if (worker.livenessAt > now) return;
    if (worker.state === 'busy') {
      worker.livenessAt = now + tuning.inspectInterval;
      effects.inspectWorker(worker.id);
    } else if (worker.pingUnanswered) {
      this.#stopping.retire(worker, 'unresponsive', { step: 'killed', now });
    } else {
      worker.pingUnanswered = true;
      worker.livenessAt = now + tuning.pingInterval;
      effects.pingWorker(worker.id);
    }
  }

  #startFailed(worker: Worker, end: WorkerEnd, now: number): void {
    if (worker.reason !== null && worker.reason !== 'timeout') return;
    const { backoff, workers, waiting, effects } = this.#core;
    if (end.forGood === true) backoff.failedForGood(now);
    else backoff.failed(now);
    if (!backoff.broken || workers.staying > 0) return;
    for (const task of [...waiting]) this.#dispatch.settleWaiting(task, 'start-failed');
    effects.startsFailed();
  }

  #destroyWorker(worker: Worker, now: number): void {
    const { tasks, effects, tally } = this.#core;
    for (let i = 0; i < worker.inFlight.length; i++) {
      const task = worker.inFlight.at(i);
      const extras = tasks.extras[task];
      if (tasks.stateOf(task) === 'sent') this.#dispatch.settleSent(worker, task, 'closed');
      else if (extras?.retryWhenReleased === true) {
        extras.retryWhenReleased = false;
        tally.ended('closed');
        effects.settleTask(task, 'closed', true);
      }
    }
    this.#stopping.retire(worker, 'closing', { step: 'killed', now });
  }

  /** Spread by the golden ratio over the last tenth, which needs no random numbers. */
  #lifetimeOf(workerId: number): number {
    const spread = (workerId * GOLDEN_RATIO) % 1;
    return this.#core.options.maxWorkerLifetime * (1 - LIFETIME_JITTER * spread);
  }
}
