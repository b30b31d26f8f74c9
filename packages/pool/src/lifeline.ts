const { setInterval } = globalThis;

/** The longest delay that timers take. */
const FOR_EVER = 2 ** 31 - 1;

/** Keeps Node alive while a promise of the pool is pending, or always; workers and pipes of an idle pool do not. */
export class Lifeline {
  readonly #handle = setInterval(() => {}, FOR_EVER);
  #holders = 0;

  constructor(keepAlive: boolean) {
    this.#handle.unref();
    if (keepAlive) this.hold();
  }

  hold(): void {
    if (this.#holders++ === 0) this.#handle.ref();
  }

  release(): void {
    if (--this.#holders === 0) this.#handle.unref();
  }

  /** Holds until `promise` has settled. */
  during<T>(promise: Promise<T>): Promise<T> {
    this.hold();
    const release = (): void => this.release();
    promise.then(release, release);
    return promise;
  }

  cut(): void {
    clearInterval(this.#handle);
  }
}
