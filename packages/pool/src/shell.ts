import type { Announcer } from './announcer.js';
import { type Effects, type RetryCause, Scheduler, type StopStep, type TaskOutcome } from './core/index.js';
import { DeadlineTimer } from './deadline-timer.js';
import { Reload } from './dev/reload.js';
import type { Lifeline } from './lifeline.js';
import type { LogOutput } from './log-output.js';
import { MemoryWatch } from './memory-watch.js';
import type { ResolvedProfile } from './options/profiles.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import type { OperatingSystem } from './os/operating-system.js';
import { ProfileSchedule } from './profile-schedule.js';
import type { PendingBatch } from './tasks/batch.js';
import { CostMeter } from './tasks/cost-meter.js';
import type { Ending } from './tasks/ending.js';
import type { PendingTask } from './tasks/pending-task.js';
import { TaskBook } from './tasks/task-book.js';
import { WorkerEvents } from './worker-events.js';
import { WorkerLimits } from './worker-limits.js';
import { ExecWorker } from './worker-process/exec-worker.js';
import { WorkerProcess } from './worker-process/worker-process.js';
import { WorkerWatch } from './worker-watch.js';

/** Those who wait for the pool as a whole. */
export interface ShellListener {
  /** After every event, once the scheduler has decided. */
  eventOver(): void;
  startsFailed(error: Error): void;
  profileDue(name: string): void;
  replaced(): void;
  closed(): void;
}

export interface ShellParts {
  options: ResolvedOptions;
  os: OperatingSystem;
  announcer: Announcer;
  lifeline: Lifeline;
  log: LogOutput;
  listener: ShellListener;
}

/**
 * Performs the scheduler's effects on real processes. One event at a time: what an effect causes at once waits in line;
 * what listeners should hear is told when the event is over.
 */
export class Shell implements Effects {
  readonly options: ResolvedOptions;
  readonly os: OperatingSystem;
  readonly announcer: Announcer;
  readonly log: LogOutput;
  readonly watch: WorkerWatch;
  readonly memoryWatch: MemoryWatch;
  readonly scheduler: Scheduler;
  readonly tasks: TaskBook;
  readonly workers = new Map<number, WorkerProcess>();
  /** The facts of the event that is being handled, for the tasks that it ends. */
  ending: Ending = {};
  readonly #listener: ShellListener;
  readonly #events: WorkerEvents;
  readonly #costs: CostMeter;
  readonly #timer: DeadlineTimer;
  readonly limits: WorkerLimits;
  readonly #schedule: ProfileSchedule;
  readonly #reload: Reload;
  readonly #deferred: (() => void)[] = [];
  #finishing = false;

  constructor(parts: ShellParts) {
    this.options = parts.options;
    this.os = parts.os;
    this.announcer = parts.announcer;
    this.log = parts.log;
    this.watch = new WorkerWatch(parts.os);
    this.scheduler = new Scheduler(parts.options.core, this, parts.options.tuning);
    const { lifeline, announcer } = parts;
    const { scheduler } = this;
    this.#costs = new CostMeter(parts.os);
    this.tasks = new TaskBook({ poolName: parts.options.name, scheduler, lifeline, announcer, costs: this.#costs });
    this.#listener = parts.listener;
    this.#events = new WorkerEvents(this);
    const { name, limitKinds, limits, profiles } = parts.options;
    const limiter = parts.os.createLimiter(name, limitKinds);
    this.limits = new WorkerLimits({ pool: name, limiter, workers: this.workers, limits });
    const schedules = Array.from(profiles, ([each, { schedule }]) => [each, schedule] as [string, typeof schedule]);
    this.#schedule = new ProfileSchedule(parts.os, schedules, (each) => parts.listener.profileDue(each));
    this.memoryWatch = new MemoryWatch(parts.os, this.workers);
    this.#timer = new DeadlineTimer(parts.os, () => this.#deadlineReached());
    this.#reload = this.#makeReload();
  }

  submit(task: PendingTask | PendingBatch): number {
    const now = this.os.now();
    const slot = this.scheduler.admit(task, now);
    this.tasks.put(slot, task);
    this.scheduler.taskSubmitted(slot, now);
    this.finish();
    return slot;
  }

  /** Changes the limits of all workers, and their number; an OsControlError changes nothing. */
  apply({ limits, size }: ResolvedProfile): void {
    this.limits.replace(limits);
    this.memoryWatch.begin();
    this.feed((scheduler, now) => scheduler.resized(size, now));
  }

  /** The caller of a task, or of a batch with all its items, gave up. */
  abort(slot: number): void {
    const batch = this.tasks.batch(slot);
    const slots = batch === undefined ? [slot] : [slot, ...batch.drawn];
    this.feed((scheduler, now) => {
      for (const each of slots) scheduler.taskAborted(each, now);
    });
  }

  /** Feeds the scheduler an event and finishes it; `ending` are the facts for the tasks that it ends. */
  feed(event: (scheduler: Scheduler, now: number) => void, ending: Ending = {}): void {
    const outer = this.ending;
    this.ending = ending;
    event(this.scheduler, this.os.now());
    this.ending = outer;
    this.finish();
  }

  /** An event is over: what it caused comes next, the timer follows the deadlines, listeners hear of it. */
  finish(): void {
    if (this.#finishing) return;
    this.#finishing = true;
    for (let next = this.#deferred.shift(); next !== undefined; next = this.#deferred.shift()) next();
    this.#finishing = false;
    this.#timer.arm(this.#nextDeadline());
    this.#listener.eventOver();
    this.announcer.flush();
  }

  startWorker(workerId: number, slot: number): void {
    const { os, options } = this;
    const Kind = options.worker.protocol === 'exec' ? ExecWorker : WorkerProcess;
    const worker = new Kind({
      id: workerId,
      slot,
      os,
      options: options.worker,
      listener: this.#events,
      createHold: () => this.limits.hold(workerId),
    });
    this.workers.set(workerId, worker);
    this.#deferred.push(() => worker.start());
  }

  stopWorker(workerId: number, step: Exclude<StopStep, 'draining'>): void {
    const worker = this.workers.get(workerId);
    if (step === 'asked') worker?.endInput();
    else worker?.signal(step === 'terminated' ? 'SIGTERM' : 'SIGKILL');
  }

  pingWorker(workerId: number): void {
    this.workers.get(workerId)?.ping(workerId);
  }

  inspectWorker(workerId: number): void {
    this.#deferred.push(() => {
      const worker = this.workers.get(workerId);
      const inFlight = this.scheduler.workers.get(workerId)?.inFlight;
      if (worker === undefined || inFlight === undefined || inFlight.length === 0) return;
      const verdict = this.watch.verdict(worker, this.tasks.idOf(inFlight.at(0)) >>> 0);
      this.scheduler.workerInspected(workerId, verdict, this.os.now());
    });
  }

  drawTask(batch: number, index: number, slot: number): void {
    this.tasks.draw(batch, index, slot);
  }

  sendTask(workerId: number, slot: number): void {
    const worker = this.workers.get(workerId);
    if (worker === undefined) return;
    const metered = this.tasks.get(slot)?.options?.onCost !== undefined;
    if (metered || this.#costs.isMetering) {
      const others = (this.scheduler.workers.get(workerId)?.inFlight.length ?? 1) - 1;
      this.#costs.sent(slot, worker, { others, metered });
    }
    worker.send(this.tasks.outgoing(slot));
  }

  cancelTask(workerId: number, slot: number, when: 'at-once' | 'unless-begun'): void {
    const worker = this.workers.get(workerId);
    const id = this.tasks.idOf(slot) >>> 0;
    if (when === 'at-once') worker?.cancel(id);
    else worker?.recall(id);
  }

  retryTask(slot: number, _cause: RetryCause, charged: boolean): void {
    this.tasks.retry(slot, this.ending, charged);
  }

  settleTask(slot: number, outcome: TaskOutcome, started: boolean): void {
    const pid = this.ending.pid ?? this.workers.get(this.scheduler.tasks.worker[slot] ?? 0)?.pid;
    const ending = this.ending.pid === pid ? this.ending : { ...this.ending, pid };
    this.tasks.settle(slot, outcome, { ending, started, now: this.ending.now ?? this.os.now() });
  }

  settleRest(slot: number, index: number, outcome: Exclude<TaskOutcome, 'succeeded'>): void {
    this.tasks.settleRest(slot, index, { outcome, ending: this.ending, now: this.ending.now ?? this.os.now() });
  }

  startsFailed(): void {
    const { startError } = this.ending;
    if (startError !== undefined) this.#deferred.push(() => this.#listener.startsFailed(startError));
  }

  roomAvailable(): void {
    this.announcer.announce('drain');
  }

  replaced(): void {
    this.#deferred.push(() => this.#listener.replaced());
  }

  closed(): void {
    this.#deferred.push(() => {
      this.#reload.close(() => {
        this.#timer.clear();
        this.limits.close();
        this.#listener.closed();
      });
    });
  }

  /** The profile that is in force at the start, if one is. */
  get profileAtStart(): string | undefined {
    return this.#schedule.atStart;
  }

  #makeReload(): Reload {
    const { os, log, options } = this;
    const { watch, trial, inspect } = options.dev;
    return new Reload({
      os,
      log,
      paths: watch,
      trial: {
        options: trial.worker,
        slot: options.core.maxWorkers,
        startTimeout: trial.startTimeout,
        killGrace: options.core.killGrace,
        createHold: () => this.limits.hold(0),
        onLog: (...details) => this.#events.onLog(...details),
      },
      // All at once: behind a long task, the others would still be the old ones.
      replaceAll: () => this.feed((core, now) => core.replaceAll(inspect === false ? options.core.maxWorkers : 0, now)),
      finish: () => this.finish(),
    });
  }

  #nextDeadline(): number {
    const ours = Math.min(this.#events.nextDeadline, this.memoryWatch.nextDeadline, this.#schedule.nextDeadline);
    return Math.min(ours, this.#reload.nextDeadline, this.scheduler.nextDeadline());
  }

  #deadlineReached(): void {
    // First what is finished and only held back, or else it would be taken for what takes long.
    for (const worker of this.workers.values()) worker.peekLedger();
    const now = this.os.now();
    this.#events.deadlineReached(now);
    this.memoryWatch.deadlineReached(now);
    this.#schedule.deadlineReached(now);
    this.#reload.deadlineReached(now);
    if (this.scheduler.nextDeadline() <= now) this.feed((scheduler) => scheduler.deadlineReached(now));
    else this.finish();
  }
}
