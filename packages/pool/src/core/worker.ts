import { InFlight } from './in-flight.js';
import type { StopStep } from './stop-step.js';
import type { Tenant } from './tenant.js';
import { type RetireReason, STARTING, WORKER_MOVES, type WorkerState } from './worker-state.js';

/** What a worker said that it can do, or cannot. */
export interface WorkerAbilities {
  /** It reacts to CANCEL. */
  cancel: boolean;
  /** It gives back a task that it has not begun, even while another one runs. */
  recall: boolean;
}

/** What the scheduler knows of one worker process. Times in milliseconds of the shell's clock. */
export class Worker {
  /** Its state as a small integer, and its place in the list of that state: the worker table's own. */
  code = STARTING;
  listIndex = 0;
  readonly inFlight = new InFlight();
  inFlightBytes = 0;
  /** Tasks whose replies were damaged: they may still run, so they are held until the process is gone. */
  readonly damaged: number[] = [];
  abilities: WorkerAbilities = { cancel: true, recall: false };
  /** The one that it serves, from its first task on; only where tenants are isolated from each other. */
  tenant: Tenant | undefined = undefined;
  boundAt = Infinity;
  /** Set once it has been ready. */
  readyAt = Infinity;
  idleSince = 0;
  tasksDone = 0;
  /** Its age limit; jitter keeps workers that started together from leaving together. */
  expiresAt = Infinity;
  /** It should leave as soon as that delays no task. */
  due: RetireReason | null = null;
  /** It is leaving. */
  reason: RetireReason | null = null;
  stopStep: StopStep | null = null;
  /** End of its start time-out, or of the grace of the present step of its stop. */
  stepDeadline = Infinity;
  /** When the oldest of the tasks that it runs must end. */
  runDeadline = Infinity;
  headStartedAt = 0;
  /** When tasks behind a slow head are asked back. */
  recallAt = Infinity;
  /** The next look at it while it is busy, the next ping while it is idle. */
  livenessAt = Infinity;
  pingUnanswered = false;
  stoppedLooks = 0;
  /** Replies of the present read, and when that read and the one before it came: the sample of its service time. */
  repliesInRead = 0;
  lastReadAt = -Infinity;
  previousReadAt = -Infinity;

  constructor(
    readonly id: number,
    readonly slot: number,
    readonly startedAt: number,
  ) {}

  get state(): WorkerState {
    return WORKER_MOVES.states[this.code] as WorkerState;
  }

  get everReady(): boolean {
    return this.readyAt !== Infinity;
  }

  /** It works as ever, or finishes what it holds before it goes: nobody has told it to leave yet. */
  get untold(): boolean {
    return this.stopStep === null || this.stopStep === 'draining';
  }

  /** It has work, and leaves after that. */
  get finishing(): boolean {
    return this.stopStep === 'draining' && this.inFlight.length > 0;
  }

  /** When the scheduler must look at it again. */
  get deadline(): number {
    const expiresAt = this.due === null && this.reason === null ? this.expiresAt : Infinity;
    return Math.min(this.stepDeadline, this.runDeadline, this.recallAt, this.livenessAt, expiresAt);
  }
}
