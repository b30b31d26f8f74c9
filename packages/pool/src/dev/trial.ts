import { WorkerStartError } from '../errors.js';
import type { WorkerHold } from '../os/limits.js';
import type { OperatingSystem } from '../os/operating-system.js';
import type { WorkerGone } from '../worker-process/worker-gone.js';
import type { WorkerOptions } from '../worker-process/worker-options.js';
import { WorkerProcess, type WorkerProcessListener } from '../worker-process/worker-process.js';

/** No worker of the scheduler has this number. */
const TRIAL_ID = 0;

export interface TrialParts {
  readonly os: OperatingSystem;
  readonly options: WorkerOptions;
  /** One that no worker of the pool has. */
  readonly slot: number;
  readonly startTimeout: number;
  readonly killGrace: number;
  readonly createHold: () => WorkerHold;
  readonly onLog: WorkerProcessListener['onLog'];
  /** Undefined where the worker was ready; then, and after an error too, `onGone` follows or has come. */
  readonly onResult: (error: WorkerStartError | undefined) => void;
  readonly onGone: () => void;
}

/** A worker beside the pool's own, started to see whether the changed files make one: as soon as it is ready it leaves. */
export class Trial {
  readonly #parts: TrialParts;
  readonly #worker: WorkerProcess;
  #deadline: number;
  #isReady = false;
  #timedOut = false;
  #abandoned = false;

  constructor(parts: TrialParts) {
    const { os, options, slot, createHold } = parts;
    this.#parts = parts;
    this.#deadline = os.now() + parts.startTimeout;
    this.#worker = new WorkerProcess({ id: TRIAL_ID, slot, os, options, createHold, listener: this.#listener() });
    this.#worker.start();
  }

  get nextDeadline(): number {
    return Math.min(this.#deadline, this.#worker.drainDeadline);
  }

  deadlineReached(now: number): void {
    if (this.#worker.drainDeadline <= now) this.#worker.onDeadline(now);
    if (this.#deadline > now) return;
    this.#deadline = Infinity;
    this.#timedOut = !this.#isReady;
    this.#worker.signal('SIGKILL');
  }

  /** Its result matters to nobody any more. */
  abandon(): void {
    this.#abandoned = true;
    this.#deadline = Infinity;
    this.#worker.signal('SIGKILL');
  }

  #listener(): WorkerProcessListener {
    const { os, killGrace } = this.#parts;
    const nothing = (): void => {};
    return {
      onStarted: nothing,
      onReady: () => {
        if (this.#abandoned) return;
        this.#isReady = true;
        this.#deadline = os.now() + killGrace;
        this.#worker.endInput();
        this.#parts.onResult(undefined);
      },
      onLog: (...log) => this.#parts.onLog(...log),
      onGone: (_, gone) => this.#onGone(gone),
      onFrame: nothing,
      onLastWords: nothing,
      onViolation: nothing,
      onStall: nothing,
      onChannelClosed: nothing,
      onExit: nothing,
    };
  }

  #onGone(gone: WorkerGone): void {
    this.#deadline = Infinity;
    if (!this.#isReady && !this.#abandoned) {
      const { command, cwd, poolName } = this.#parts.options;
      const facts = { pool: poolName, command, cwd, timedOut: this.#timedOut, isTrial: true };
      this.#parts.onResult(new WorkerStartError({ ...gone, ...facts }));
    }
    this.#parts.onGone();
  }
}
