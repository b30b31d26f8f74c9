import type { CoreOptions, CoreTuning, ReplyKind, RetryPolicy, Scheduler, WorkerAbilities } from '@ostler/pool/core';
import type { ExitKind, MoveType } from './move.js';

/** A task that the world may submit; `items` makes it a batch of bodies of these sizes. */
export interface TaskPlan {
  readonly bytes?: number;
  readonly priority?: number;
  readonly timeout?: number;
  readonly queueTimeout?: number;
  readonly tenant?: string;
  readonly key?: string;
  readonly retries?: RetryPolicy;
  readonly items?: readonly number[];
}

/** The scheduler under test: the real one, or one with a planted bug. */
export interface Engine {
  readonly Scheduler: typeof Scheduler;
}

/** A world: the options of the scheduler in it, and what may happen there. */
export interface WorldOptions {
  readonly core: CoreOptions;
  readonly tuning: CoreTuning;
  readonly plans: readonly TaskPlan[];
  /** Plans are submitted in turn, each once; otherwise any plan at any time, as long as `maxLive` tasks are not exceeded. */
  readonly inTurn: boolean;
  readonly maxLive: number;
  /** How often each kind of move may happen; those that are not named never do, replies and exits that were asked for always. */
  readonly limits: Partial<Record<MoveType, number>>;
  readonly replies: readonly ReplyKind[];
  /** How workers may die unasked, and how often in all; starts that fail count too. */
  readonly exits: readonly ExitKind[];
  readonly maxExits: number;
  /** What the workers can do, in turn. */
  readonly abilities: readonly WorkerAbilities[];
  readonly waits: readonly number[];
  readonly sizes: readonly { minWorkers: number; maxWorkers: number }[];
  readonly surges: readonly number[];
}
