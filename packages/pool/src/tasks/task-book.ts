import type { Frame } from '@ostler/protocol';
import type { Announcer } from '../announcer.js';
import type { Scheduler, TaskOutcome } from '../core/index.js';
import type { TaskFacts } from '../errors.js';
import { LatencyWindow } from '../latency-window.js';
import type { Lifeline } from '../lifeline.js';
import type { OutgoingTask } from '../worker-process/worker-process.js';
import { PendingBatch } from './batch.js';
import type { CostMeter } from './cost-meter.js';
import type { Ending } from './ending.js';
import { PendingTask } from './pending-task.js';
import { errorFor } from './task-errors.js';
import { TaskMetadataEncoder } from './task-metadata.js';

export interface TaskBookParts {
  readonly poolName: string;
  readonly scheduler: Scheduler;
  readonly lifeline: Lifeline;
  readonly announcer: Announcer;
  readonly costs: CostMeter;
}

/** What the scheduler's slots stand for: the tasks with their bodies and callers, from the submission to the outcome. */
export class TaskBook {
  readonly waitLatency = new LatencyWindow();
  readonly runLatency = new LatencyWindow();
  readonly #tasks: (PendingTask | PendingBatch | undefined)[] = [];
  readonly #parts: TaskBookParts;
  readonly #metadata = new TaskMetadataEncoder();

  constructor(parts: TaskBookParts) {
    this.#parts = parts;
  }

  /** The caller's promise keeps Node alive until the task is settled. */
  put(slot: number, task: PendingTask | PendingBatch): void {
    this.#tasks[slot] = task;
    this.#parts.lifeline.hold();
  }

  /** The task whose caller still waits, or undefined. */
  get(slot: number): PendingTask | undefined {
    const task = this.#tasks[slot];
    return task instanceof PendingTask ? task : undefined;
  }

  /** True while the caller of `task`, which got that slot, has not been told. */
  isPending(slot: number, task: PendingTask | PendingBatch): boolean {
    return this.#tasks[slot] === task;
  }

  batch(slot: number): PendingBatch | undefined {
    const task = this.#tasks[slot];
    return task instanceof PendingBatch ? task : undefined;
  }

  /** The task's number in errors, in logs and on the wire (there modulo 2^32). */
  idOf(slot: number): number {
    return this.#parts.scheduler.tasks.id[slot] as number;
  }

  draw(batchSlot: number, index: number, slot: number): void {
    const batch = this.#tasks[batchSlot] as PendingBatch;
    batch.drawn.add(slot);
    this.#tasks[slot] = batch.item(index);
  }

  outgoing(slot: number): OutgoingTask {
    const task = this.#tasks[slot] as PendingTask;
    return {
      id: this.idOf(slot) >>> 0,
      handler: task.handler,
      options: task.options,
      body: task.body,
      encoding: task.encoding,
      metadata: this.#metadata.encode(task),
      stream: task.wantsStream,
    };
  }

  /** Another attempt will follow; a charged one leaves its evidence. */
  retry(slot: number, ending: Ending, charged: boolean): void {
    const task = this.#tasks[slot] as PendingTask;
    if (charged) task.collect(ending);
    task.attempt++;
  }

  settle(
    slot: number,
    outcome: TaskOutcome,
    { ending, started, now }: { ending: Ending; started: boolean; now: number },
  ): void {
    const task = this.#tasks[slot] as PendingTask;
    this.#tasks[slot] = undefined;
    task.detach();
    task.batchOf?.drawn.delete(slot);
    if (task.batchOf === undefined) this.#parts.lifeline.release();
    const times = this.#measure(slot, now);
    if (outcome === 'poison') task.collect(ending);
    if (task.options?.onCost !== undefined) this.#tellCost(task, { slot, ...times });
    if (outcome === 'succeeded') task.caller.fulfil(ending.frame as Frame);
    else task.caller.reject(errorFor(outcome, task, this.#factsOf(task, this.idOf(slot), { ending, started })));
  }

  settleRest(
    slot: number,
    index: number,
    { outcome, ending, now }: { outcome: Exclude<TaskOutcome, 'succeeded'>; ending: Ending; now: number },
  ): void {
    const batch = this.#tasks[slot] as PendingBatch;
    const waitMs = now - (this.#parts.scheduler.tasks.queuedAt[slot] as number);
    for (let i = index; i < batch.bodies.length; i++) {
      const item = batch.item(i);
      const facts = this.#factsOf(item, this.idOf(slot) + i, { ending, started: false });
      if (item.options?.onCost !== undefined) this.#tellCost(item, { slot, waitMs, runMs: 0 });
      item.caller.reject(errorFor(outcome, item, facts));
    }
  }

  #tellCost(task: PendingTask, { slot, waitMs, runMs }: { slot: number; waitMs: number; runMs: number }): void {
    const workerId = Math.max(0, this.#parts.scheduler.tasks.worker[slot] as number);
    const cost = task.costOf({ waitMs, runMs, workerId, ...this.#parts.costs.settled(slot) });
    const onCost = task.options?.onCost;
    this.#parts.announcer.later(() => onCost?.(cost));
  }

  #factsOf(task: PendingTask, taskId: number, event: { ending: Ending; started: boolean }): TaskFacts & typeof event {
    return { ...event, taskId, pool: this.#parts.poolName, handler: task.handler, attempt: task.attempt };
  }

  #measure(slot: number, now: number): { waitMs: number; runMs: number } {
    const { queuedAt, startedAt } = this.#parts.scheduler.tasks;
    const queued = queuedAt[slot] as number;
    const began = startedAt[slot] as number;
    if (began === 0) {
      this.waitLatency.record(now - queued, now);
      return { waitMs: now - queued, runMs: 0 };
    }
    this.waitLatency.record(began - queued, now);
    this.runLatency.record(now - began, now);
    return { waitMs: began - queued, runMs: now - began };
  }
}
