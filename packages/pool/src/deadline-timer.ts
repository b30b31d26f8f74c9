import type { OperatingSystem, TimerHandle } from './os/operating-system.js';

/** Timers take at most this many milliseconds; a later deadline is armed again when it fires. */
const MAX_DELAY = 2 ** 31 - 1;

/** The pool's one timer: armed at the next deadline, moved only when an earlier one comes up. */
export class DeadlineTimer {
  readonly #os: OperatingSystem;
  readonly #reached: () => void;
  #handle: TimerHandle | undefined;
  #armedFor = Infinity;

  constructor(os: OperatingSystem, reached: () => void) {
    this.#os = os;
    this.#reached = reached;
  }

  arm(deadline: number): void {
    if (deadline >= this.#armedFor) return;
    this.clear();
    this.#armedFor = deadline;
    const delay = Math.min(MAX_DELAY, Math.max(0, Math.ceil(deadline - this.#os.now())));
    this.#handle = this.#os.setTimer(() => {
      this.#handle = undefined;
      this.#armedFor = Infinity;
      this.#reached();
    }, delay);
  }

  clear(): void {
    if (this.#handle !== undefined) this.#os.clearTimer(this.#handle);
    this.#handle = undefined;
    this.#armedFor = Infinity;
  }
}
