/** Promises that settle together when what they wait for has come. */
export class Waiters {
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  wait(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  resolveAll(): void {
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  rejectAll(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
