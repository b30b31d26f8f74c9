import type { OutputStream } from '../os/operating-system.js';

/** How long after the exit, in milliseconds, its pipes may still be held by somebody else before we stop reading them. */
const DRAIN_TIME = 100;
/** Then the event loop must have looked at the pipes once more, which it does before it comes to a timer of so many milliseconds. */
const LAST_LOOK = 1;

/** What a worker says is read from its pipes until each has ended; after its exit, only for so long. */
export class WorkerDrain {
  /** When reading ends, whatever the pipes say: `Infinity` while its process lives, and after the end. */
  deadline = Infinity;
  readonly #open = new Set<OutputStream>();
  #looksAgain = false;

  /** Its process runs, with these pipes. */
  open(streams: readonly OutputStream[]): void {
    for (const stream of streams) this.#open.add(stream);
  }

  ended(stream: OutputStream): void {
    this.#open.delete(stream);
  }

  /** All that it said has been read. */
  get isDry(): boolean {
    return this.#open.size === 0;
  }

  /** Its process has exited. */
  begin(now: number): void {
    this.deadline = now + DRAIN_TIME;
  }

  /** Whether the time is over. Where the event loop was held up, what is in the pipes has not been read yet: there is a second deadline. */
  isOver(now: number): boolean {
    if (now < this.deadline) return false;
    if (this.#looksAgain) return true;
    this.#looksAgain = true;
    this.deadline = now + LAST_LOOK;
    return false;
  }

  close(): void {
    this.deadline = Infinity;
  }
}
