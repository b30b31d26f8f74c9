import type { RetireReason, StopStep, WorkerAbilities } from '@ostler/pool/core';
import type { WorldTask } from './world-task.js';

/** What the world knows of a worker process. */
export class WorldWorker {
  ready = false;
  readyAt = 0;
  /** The hardest that it was told, and why. */
  told: Exclude<StopStep, 'draining'> | null = null;
  reason: RetireReason | null = null;
  /** Oldest first. */
  readonly held: WorldTask[] = [];
  /** Those whose replies were damaged. */
  readonly damaged: WorldTask[] = [];
  headSince = 0;
  idleSince = 0;
  tasksDone = 0;
  /** The tenant that it serves, and since when; null before its first task. */
  tenant: string | null = null;
  boundAt = 0;
  /** Since before the present event it is to leave, and its tasks are all that keeps it. */
  wasDraining = false;
  /** When its start, or the present step of its stop, has taken too long. */
  stepDue: number;
  /** The next ping or look. */
  livenessDue = Infinity;
  awaitsPong = false;
  /** It was pinged since it became idle. */
  pinged = false;
  awaitsLook = false;

  constructor(
    readonly id: number,
    readonly slot: number,
    readonly startedAt: number,
    readonly abilities: WorkerAbilities,
    startTimeout: number,
  ) {
    this.stepDue = startedAt + startTimeout;
  }

  /** Ready, and nobody has told it to leave. */
  get works(): boolean {
    return this.ready && this.told === null;
  }
}
