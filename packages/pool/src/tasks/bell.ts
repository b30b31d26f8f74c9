/** Wakes those who wait for something to change; whoever wakes looks again. */
export class Bell {
  #rung: Promise<void> | undefined;
  #ring: (() => void) | undefined;

  /** Resolves at the next `ring`. */
  wait(): Promise<void> {
    this.#rung ??= new Promise((resolve) => {
      this.#ring = resolve;
    });
    return this.#rung;
  }

  ring(): void {
    this.#ring?.();
    this.#rung = undefined;
    this.#ring = undefined;
  }
}
