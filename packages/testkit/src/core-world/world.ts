import type { TaskSpec } from '@ostler/pool/core';
import * as pool from '@ostler/pool/core';
import { checkInvariants } from './invariants.js';
import { loseTasks, takeReply } from './lost-and-answered.js';
import type { Move, MoveType } from './move.js';
import { demand, PropertyViolation } from './property-violation.js';
import { Referee } from './referee.js';
import { tenantsOf } from './tenants.js';
import { noteOverTime } from './time-outs.js';
import { limitOf } from './waiting-checks.js';
import type { Engine, TaskPlan, WorldOptions } from './world-options.js';
import { WorldState } from './world-state.js';
import type { WorldTask } from './world-task.js';
import type { WorldWorker } from './world-worker.js';

/** Moves that the scheduler hears of. */
type Event = Exclude<Move, { type: 'wait' | 'refuse' | 'submit' }>;

/** Deadlines in a row that may come without time going on. */
const MAX_AT_ONCE = 20;

/**
 * A world of made-up processes around the real scheduler: `perform` lets one thing happen, tells the scheduler, performs
 * its effects, and throws a PropertyViolation where it breaks a promise. Same moves, same world.
 */
export class World {
  readonly state: WorldState;
  readonly scheduler: pool.Scheduler;
  /** The moves so far, the last one too if it threw. */
  readonly path: Move[] = [];
  /** How often each kind of move was made, and how many workers died unasked. */
  readonly made: Partial<Record<MoveType, number>> = {};
  exits = 0;
  plansTaken = 0;
  /** False while a path is replayed that was checked before. */
  checking = true;
  readonly #referee: Referee;
  #deadlinesAtOnce = 0;

  constructor(
    readonly options: WorldOptions,
    engine: Engine = pool,
  ) {
    this.state = new WorldState(options, () => this.scheduler);
    this.#referee = new Referee(this.state);
    this.scheduler = new engine.Scheduler(options.core, this.#referee, options.tuning);
  }

  /** The pool is made, and asks for its minimum; comes before the first move. */
  begin(): this {
    this.#event(() => this.scheduler.resized(this.options.core, this.state.now));
    return this;
  }

  /** Writes down what the scheduler does, from now on. */
  startRecord(): string[] {
    this.#referee.record = [];
    return this.#referee.record;
  }

  perform(move: Move): void {
    this.path.push(move);
    this.made[move.type] = (this.made[move.type] ?? 0) + 1;
    this.state.move = move;
    this.state.starts.failedNow = false;
    if (move.type === 'wait') this.state.now += move.time;
    else if (move.type === 'refuse') this.#refuse(0);
    else if (move.type === 'submit') this.#submit(this.options.plans[move.plan] as TaskPlan);
    else this.#event(() => this.#make(move));
  }

  #event(happen: () => void): void {
    try {
      happen();
      if (this.checking) checkInvariants(this.state);
      this.#watchWarmth();
      tenantsOf(this.state).eventOver();
    } catch (error) {
      if (error instanceof PropertyViolation) throw error;
      throw new PropertyViolation('only legal moves', error instanceof Error ? error.message : String(error));
    }
  }

  #make(move: Event): void {
    const { state, scheduler } = this;
    const { now } = state;
    switch (move.type) {
      case 'abort':
        scheduler.taskAborted(this.#task(move.task).slot, now);
        break;
      case 'deadline':
        this.#deadline();
        break;
      case 'pause':
      case 'resume':
        state.paused = move.type === 'pause';
        scheduler.paused(state.paused, now);
        break;
      case 'close':
        if (state.closing === false) state.closing = 'drain';
        state.paused = false;
        scheduler.close(now);
        break;
      case 'destroy':
        state.closing = 'now';
        scheduler.destroy(now);
        break;
      case 'resize':
        this.#resize(this.options.sizes[move.size] ?? this.options.core);
        break;
      case 'replace':
        state.replacing = new Set([...state.workers.keys(), ...(state.replacing ?? [])]);
        state.surge = Math.max(state.surge, move.surge);
        scheduler.replaceAll(move.surge, now);
        break;
      default:
        this.#worker(move);
        break;
    }
  }

  #worker(move: Event & { worker: number }): void {
    const { state, scheduler } = this;
    const { now } = state;
    const worker = state.workers.get(move.worker) as WorldWorker;
    switch (move.type) {
      case 'ready':
        this.#ready(worker);
        break;
      case 'reply':
        this.#reply(worker, this.#task(move.task), move.kind);
        break;
      case 'garbage':
        scheduler.replyDamaged(worker.id, -1, now);
        break;
      case 'exit':
        if (worker.told === null) this.exits++;
        scheduler.workerExited(worker.id, loseTasks(state, worker, move.kind), now);
        break;
      case 'silence':
        scheduler.retire(worker.id, 'unresponsive', { step: 'killed', now });
        break;
      case 'memory':
        scheduler.retire(worker.id, 'memory', { step: 'due', now });
        break;
      case 'pong':
        worker.awaitsPong = false;
        scheduler.pongReceived(worker.id, now);
        break;
      case 'inspected':
        worker.awaitsLook = false;
        scheduler.workerInspected(worker.id, move.verdict, now);
        break;
    }
  }

  #submit(plan: TaskPlan): void {
    const { state, scheduler } = this;
    this.plansTaken++;
    const { priority = 0, timeout = Infinity, queueTimeout = Infinity, tenant = '', key, retries, items } = plan;
    const bytes = items?.reduce((sum, size) => sum + size, 0) ?? plan.bytes ?? 1;
    const count = items?.length ?? 1;
    state.counts.submitted += count;
    const limit = scheduler.limitReached(bytes, count);
    demand(limit === limitOf(state, bytes, count), 'the queue keeps its limits', `${count} more: ${limit}`);
    if (limit !== null) {
      this.#refuse(count);
      return;
    }
    const spec: TaskSpec = { bytes, priority, timeout, queueTimeout, tenant, key, retries, batch: items };
    const slot = scheduler.admit(spec, state.now);
    state.newTask(slot, scheduler.tasks.id[slot] as number, { plan, bytes, batch: null });
    this.#event(() => scheduler.taskSubmitted(slot, state.now));
  }

  /** No event: the scheduler decides nothing, so nothing changes. */
  #refuse(count: number): void {
    this.state.counts.rejected += count;
    this.state.refused = true;
    this.scheduler.taskRefused(count, 'full');
  }

  #ready(worker: WorldWorker): void {
    const { state, scheduler } = this;
    worker.ready = true;
    worker.readyAt = state.now;
    worker.idleSince = state.now;
    worker.stepDue = Infinity;
    worker.livenessDue = state.now + state.tuning.pingInterval;
    state.starts.succeeded();
    scheduler.workerReady(worker.id, worker.abilities, state.now);
  }

  #reply(worker: WorldWorker, task: WorldTask, kind: pool.ReplyKind): void {
    const { state, scheduler } = this;
    takeReply(state, worker, { task, kind });
    if (kind === 'damaged') scheduler.replyDamaged(worker.id, task.slot, state.now);
    else scheduler.replied(worker.id, task.slot, kind, state.now);
  }

  #deadline(): void {
    const { state, scheduler } = this;
    const at = scheduler.nextDeadline();
    this.#deadlinesAtOnce = at > state.now ? 0 : this.#deadlinesAtOnce + 1;
    demand(this.#deadlinesAtOnce < MAX_AT_ONCE, 'deadlines lead somewhere', `still ${at} at ${state.now}`);
    state.now = Math.max(state.now, at);
    noteOverTime(state, () => scheduler.deadlineReached(state.now));
  }

  #resize(size: { minWorkers: number; maxWorkers: number }): void {
    this.state.minWorkers = size.minWorkers;
    this.state.maxWorkers = size.maxWorkers;
    this.scheduler.resized(size, this.state.now);
  }

  #watchWarmth(): void {
    const { state } = this;
    const warm = this.scheduler.workers.warm > 0;
    if (!warm) state.warmSince = Infinity;
    else if (state.warmSince === Infinity) state.warmSince = state.now;
  }

  #task(name: number): WorldTask {
    for (const task of this.state.tasks.values()) if (task.name === name) return task;
    throw new Error(`there is no task ${name}`);
  }
}
