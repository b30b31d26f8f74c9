import type { Effects, RetireReason, RetryCause, StopStep, TaskOutcome } from '@ostler/pool/core';
import { demand } from './property-violation.js';
import { demandRightEnding, ENDED_AS, RETRY_RESERVE } from './task-endings.js';
import { demandRightSend } from './task-sends.js';
import { tenantsOf } from './tenants.js';
import { demandRightStop } from './worker-stops.js';
import { START_TIME, type WorldState } from './world-state.js';
import type { WorldTask } from './world-task.js';
import { WorldWorker } from './world-worker.js';

/** What refills the pool's bucket of retries. */
const RETRIES_PER_TASK = 0.2;
const RETRIES_PER_MS = 0.01;

/** Performs the scheduler's effects on the world, and objects to those that break a promise. */
export class Referee implements Effects {
  /** What was done, for comparisons; undefined while nobody asks. */
  record: string[] | undefined;
  readonly #world: WorldState;
  #charged = 0;

  constructor(world: WorldState) {
    this.#world = world;
  }

  startWorker(id: number, slot: number): void {
    this.record?.push(`start w${id}`);
    const { workers, options, now, starts, closing } = this.#world;
    demand(id > this.#world.lastWorkerId, 'worker ids are never reused', `w${id}`);
    demand(this.#world.room > 0, 'never more workers than the maximum', `${workers.size} live, then w${id} started`);
    demand(closing !== 'now', 'closed means closed', `w${id} started after destroy`);
    demand(starts.until <= now, 'failed starts back off', `w${id} started ${starts.until - now} ms too early`);
    const starting = [...workers.values()].filter((worker) => !worker.ready && worker.told === null).length;
    const atOnce = starts.failures > 0 ? 1 : options.core.maxStarting;
    demand(starting < atOnce, 'starts are spread', `w${id} started beside ${starting} others`);
    const slots = new Set([...workers.values()].map((worker) => worker.slot));
    const lowest = [...Array(slot + 1).keys()].find((each) => !slots.has(each));
    demand(lowest === slot, 'a slot is the lowest free number', `w${id} got ${slot}`);
    const { abilities } = options;
    const able = abilities[id % abilities.length] ?? { cancel: true, recall: false };
    this.#world.lastWorkerId = id;
    workers.set(id, new WorldWorker(id, slot, now, able, options.core.startTimeout));
  }

  stopWorker(id: number, step: Exclude<StopStep, 'draining'>, reason: RetireReason): void {
    this.record?.push(`stop w${id} ${step} ${reason}`);
    const worker = this.#worker(id);
    demandRightStop(this.#world, worker, { step, reason });
    worker.told = step;
    worker.reason = reason;
    worker.stepDue = step === 'killed' ? Infinity : this.#world.now + this.#world.options.core.killGrace;
    worker.livenessDue = Infinity;
  }

  pingWorker(id: number): void {
    this.record?.push(`ping w${id}`);
    const worker = this.#worker(id);
    demand(worker.works && worker.held.length === 0, 'only the idle are pinged', `w${id}`);
    worker.awaitsPong = true;
    worker.pinged = true;
    worker.livenessDue = this.#world.now + this.#world.tuning.pingInterval;
  }

  inspectWorker(id: number): void {
    this.record?.push(`inspect w${id}`);
    const worker = this.#worker(id);
    demand(worker.held.length > 0, 'only the busy are looked at', `w${id}`);
    worker.awaitsLook = true;
    worker.livenessDue = this.#world.now + this.#world.tuning.inspectInterval;
  }

  drawTask(batchSlot: number, index: number, slot: number): void {
    this.record?.push(`draw ${batchSlot}.${index}`);
    const batch = this.#task(batchSlot);
    demand(batch.isBatch && index === batch.drawn && index < batch.count, 'a batch is drawn in order', `item ${index}`);
    demand(
      this.#world.next(batch.tenant) === batch,
      'first come, first served',
      `item ${index} of t${batch.name} was drawn too early`,
    );
    const bytes = batch.plan.items?.[index] as number;
    const item = this.#world.newTask(slot, batch.id + index, { plan: batch.plan, bytes, batch });
    item.place = 'drawn';
    batch.drawn++;
    batch.live++;
  }

  sendTask(workerId: number, slot: number): void {
    const task = this.#task(slot);
    this.record?.push(`send t${task.name} w${workerId}`);
    const { now, tuning } = this.#world;
    const worker = this.#worker(workerId);
    demandRightSend(this.#world, worker, task);
    tenantsOf(this.#world).bind(worker, task);
    task.place = 'held';
    task.everSent = true;
    task.worker = worker;
    task.cancelled = false;
    task.recalled = false;
    task.due = Infinity;
    if (task.key !== undefined) this.#world.keyHolders.set(task.key, task);
    worker.held.push(task);
    if (!this.#world.parallel && worker.held.length > 1) return;
    worker.headSince = now;
    worker.livenessDue = now + tuning.inspectInterval;
    task.due = now + (task.plan.timeout ?? Infinity);
  }

  cancelTask(workerId: number, slot: number, when: 'at-once' | 'unless-begun'): void {
    const task = this.#task(slot);
    this.record?.push(`cancel t${task.name} w${workerId} ${when}`);
    const worker = this.#worker(workerId);
    demand(
      task.place === 'held' && task.worker === worker,
      'a cancel goes where the task is',
      `t${task.name} w${workerId}`,
    );
    demand(worker.abilities.cancel, 'only what can cancel is told to', `w${workerId}`);
    if (when === 'at-once') {
      task.cancelled = true;
      return;
    }
    const waits = !this.#world.mayHaveBegun(worker, task) && task.told === null;
    demand(waits && worker.abilities.recall, 'only what waits is recalled', `t${task.name} w${workerId}`);
    demand(
      this.#world.now >= worker.headSince + this.#world.tuning.recallAfter,
      'a recall has patience',
      `t${task.name}`,
    );
    task.recalled = true;
  }

  settleTask(slot: number, outcome: TaskOutcome, started: boolean): void {
    const task = this.#task(slot);
    this.record?.push(`settle t${task.name} ${outcome} ${started}`);
    demandRightEnding(this.#world, task, { outcome, started });
    task.told = outcome;
    this.#world.counts[ENDED_AS[outcome]]++;
    if (task.place === 'damaged') return; // it may still run
    if (task.place !== 'held') this.#world.release(task);
    else if (outcome === 'closed') task.due = Infinity;
    else if (!task.overTime && task.worker !== null && this.#world.mayHaveBegun(task.worker, task))
      this.#startGrace(task);
  }

  settleRest(slot: number, index: number, outcome: TaskOutcome): void {
    const batch = this.#task(slot);
    this.record?.push(`settle rest t${batch.name} ${index} ${outcome}`);
    demand(
      batch.isBatch && index === batch.drawn && batch.waitingItems > 0,
      'every task settles once',
      `t${batch.name}`,
    );
    demandRightEnding(this.#world, batch, { outcome, started: false });
    this.#world.counts[ENDED_AS[outcome]] += batch.waitingItems;
    batch.count = batch.drawn;
    this.#world.endBatch(batch);
  }

  retryTask(slot: number, cause: RetryCause, charged: boolean): void {
    const task = this.#task(slot);
    this.record?.push(`retry t${task.name} ${cause} ${charged}`);
    const { counts, now } = this.#world;
    demand(task.place === 'limbo' && task.cause === cause, 'a retry has a reason', `t${task.name} ${cause}`);
    demand(!task.poisoned, 'the second crash convicts', `t${task.name} runs again`);
    demand(charged !== task.innocent, 'the innocent are not charged', `t${task.name} charged ${charged}`);
    const granted = charged ? task.mayRetry(cause) : task.plan.retries?.on.includes('crash') === true;
    demand(granted, 'no task runs again unasked', `t${task.name} after ${cause}`);
    demand(this.#world.closing !== 'now', 'closed means closed', `t${task.name} runs again after destroy`);
    counts.retried++;
    if (charged) this.#charge(task);
    const backoff = charged ? (task.plan.retries?.backoff ?? 0) * 2 ** (task.charged - 1) : 0;
    task.place = backoff === 0 ? 'waiting' : 'delayed';
    task.delayedUntil = now + backoff;
    task.innocent = false;
  }

  startsFailed(): void {
    this.record?.push('starts failed');
    const { starts, workers, tasks } = this.#world;
    const staying = [...workers.values()].filter((worker) => worker.told === null && !this.#world.isDraining(worker));
    demand(starts.broken && staying.length === 0, 'hope is given up only in vain', `${starts.failures} failed starts`);
    const waiting = [...tasks.values()].filter(({ place }) => place === 'waiting' || place === 'delayed');
    demand(
      waiting.every(({ waitingItems }) => waitingItems === 0),
      'what waits in vain is rejected',
      `${waiting.length} wait`,
    );
  }

  roomAvailable(): void {
    this.record?.push('room');
    demand(this.#world.refused, 'room is offered to those who asked', 'nobody had been refused');
    this.#world.refused = false;
  }

  replaced(): void {
    this.record?.push('replaced');
    const { replacing, workers, closing, starts, minWorkers } = this.#world;
    demand(
      replacing !== null && replacing.size === 0,
      'replaced means replaced',
      `${replacing?.size ?? 'nothing'} to replace`,
    );
    const warm = [...workers.values()].filter((worker) => worker.works && !this.#world.isDraining(worker)).length;
    const hopeless = closing !== false || (starts.broken && warm === 0);
    demand(hopeless || warm >= Math.min(minWorkers, this.#world.maxWorkers), 'replaced means replaced', `${warm} warm`);
    this.#world.replacing = null;
    this.#world.surge = 0;
  }

  closed(): void {
    this.record?.push('closed');
    const { workers, tasks, closing } = this.#world;
    demand(closing !== false && !this.#world.closed, 'closed means closed', 'nobody had asked for it, or twice');
    demand(
      workers.size === 0 && tasks.size === 0,
      'closed means closed',
      `${workers.size} workers, ${tasks.size} tasks`,
    );
    this.#world.closed = true;
  }

  /** The pool's bucket of retries is filled by tasks and by time, and bounds what failures may add to the load. */
  #charge(task: WorldTask): void {
    const { counts, now } = this.#world;
    task.charged++;
    this.#charged++;
    const most = RETRY_RESERVE + counts.submitted * RETRIES_PER_TASK + (now - START_TIME) * RETRIES_PER_MS;
    demand(this.#charged <= most, 'retries keep their budget', `${this.#charged} retries, ${most} allowed`);
  }

  #startGrace(task: WorldTask): void {
    const { now, options } = this.#world;
    task.due = now + (task.worker?.abilities.cancel === true ? options.core.killGrace : 0);
  }

  #worker(id: number): WorldWorker {
    const worker = this.#world.workers.get(id);
    demand(worker !== undefined, 'the dead are left alone', `w${id}`);
    return worker;
  }

  #task(slot: number): WorldTask {
    const task = this.#world.tasks.get(slot);
    demand(task !== undefined, 'every task settles once', `slot ${slot} has no task`);
    return task;
  }
}
