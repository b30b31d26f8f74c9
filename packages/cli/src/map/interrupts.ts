import { EXIT } from '../exit-codes.js';

/** What the signals of the terminal mean: the first ends the intake, the second everything. */
export class Interrupts {
  /** The program's exit code, once there was a signal. */
  exitCode: number | undefined;
  readonly #onFirst: () => void;
  readonly #onSecond: () => void;
  readonly #listeners = {
    SIGINT: () => this.#on(EXIT.interrupted),
    SIGTERM: () => this.#on(EXIT.terminated),
  };

  constructor(onFirst: () => void, onSecond: () => void) {
    this.#onFirst = onFirst;
    this.#onSecond = onSecond;
    for (const [signal, listener] of Object.entries(this.#listeners)) process.on(signal, listener);
  }

  /** Signals mean again what they always do. */
  end(): void {
    for (const [signal, listener] of Object.entries(this.#listeners)) process.off(signal, listener);
  }

  #on(exitCode: number): void {
    const isFirst = this.exitCode === undefined;
    this.exitCode ??= exitCode;
    if (isFirst) this.#onFirst();
    else this.#onSecond();
  }
}
