import type { RetryCause, StopStep, TaskOutcome, WorkerAbilities } from '@ostler/pool/core';
import type { TaskPlan } from './world-options.js';

/**
 * Where a task is: `limbo` while the scheduler must say what becomes of it, `drawn` between the draw of an item and its send,
 * `damaged` from a damaged reply on until its worker is gone.
 */
export type Place = 'waiting' | 'delayed' | 'drawn' | 'held' | 'damaged' | 'limbo' | 'gone';

/** The worker that holds a task, as far as it matters to the task. */
export interface Holder {
  readonly told: Exclude<StopStep, 'draining'> | null;
  readonly abilities: WorkerAbilities;
  readonly held: readonly WorldTask[];
}

/** What the world knows of a task, or of a batch: the truth that the scheduler is measured against. */
export class WorldTask {
  place: Place = 'waiting';
  /** What its caller was told. */
  told: TaskOutcome | null = null;
  worker: Holder | null = null;
  /** An attempt may have begun. */
  begun = false;
  everSent = false;
  charged = 0;
  crashes = 0;
  bounces = 0;
  delayedUntil = 0;
  /** When the present attempt must end, or the grace of its cancel; `Infinity` while it has not begun. */
  due = Infinity;
  /** Its run time was over, and it will run again. */
  overTime = false;
  /** The worker was told to give it up, or to give it back. */
  cancelled = false;
  recalled = false;
  /** While in limbo: why it may be retried, and whether its worker's death was its fault. */
  cause: RetryCause | null = null;
  innocent = false;
  poisoned = false;
  /** Of a batch: items that were drawn, those of them that have not ended, and how many there will ever be. */
  drawn = 0;
  live = 0;
  count: number;

  readonly name: number;
  readonly slot: number;
  readonly id: number;
  readonly plan: TaskPlan;
  readonly queuedAt: number;
  readonly bytes: number;
  /** The batch that it was drawn from. */
  readonly batch: WorldTask | null;

  constructor(
    identity: Pick<WorldTask, 'name' | 'slot' | 'id'> & { now: number },
    facts: Pick<WorldTask, 'plan' | 'bytes' | 'batch'>,
  ) {
    this.name = identity.name;
    this.slot = identity.slot;
    this.id = identity.id;
    this.plan = facts.plan;
    this.queuedAt = facts.batch?.queuedAt ?? identity.now;
    this.bytes = facts.bytes;
    this.batch = facts.batch;
    this.count = this.isBatch ? (facts.plan.items?.length ?? 0) : 0;
  }

  get isBatch(): boolean {
    return this.batch === null && this.plan.items !== undefined;
  }

  /** Items that wait, 1 for a task. */
  get waitingItems(): number {
    return this.isBatch ? this.count - this.drawn : 1;
  }

  /** A worker holds it, and may run it. */
  get isInWorker(): boolean {
    return this.place === 'held' || this.place === 'damaged';
  }

  get waitingBytes(): number {
    if (!this.isBatch) return this.bytes;
    return (this.plan.items ?? []).slice(this.drawn, this.count).reduce((sum, size) => sum + size, 0);
  }

  get priority(): number {
    return this.plan.priority ?? 0;
  }

  get tenant(): string {
    return this.plan.tenant ?? '';
  }

  get key(): string | undefined {
    return this.plan.key;
  }

  get queueDeadline(): number {
    return this.everSent || this.place !== 'waiting' ? Infinity : this.queuedAt + (this.plan.queueTimeout ?? Infinity);
  }

  /** The first come, first served order: a batch is as old as its next item. */
  get age(): number {
    return this.id + this.drawn;
  }

  /** Its policy grants another attempt for this cause. */
  mayRetry(cause: RetryCause): boolean {
    const { retries } = this.plan;
    return retries?.on.includes(cause) === true && this.charged < retries.attempts;
  }
}

/** True where the first goes before the second. */
export function precedes(one: WorldTask, other: WorldTask): boolean {
  return one.priority > other.priority || (one.priority === other.priority && one.age < other.age);
}
