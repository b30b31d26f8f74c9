/** Milliseconds that sync handlers may run one after the other before timers, sockets and CANCEL get their turn. */
const SLICE = 10;

/** One turn of the event loop: long work is cut into slices, so that the loop stays usable for handlers. */
export class Turn {
  readonly now: () => number;
  readonly #defer: (callback: () => void) => void;
  #end = 0;

  constructor(now: () => number = () => performance.now(), defer: (callback: () => void) => void = setImmediate) {
    this.now = now;
    this.#defer = defer;
  }

  /** A new turn has begun. */
  begin(): void {
    this.#end = this.now() + SLICE;
  }

  isOver(): boolean {
    return this.now() > this.#end;
  }

  /** Calls back in the next turn. */
  next(callback: () => void): void {
    this.#defer(() => {
      this.begin();
      callback();
    });
  }
}
