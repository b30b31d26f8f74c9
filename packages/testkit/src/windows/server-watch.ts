import { readFileSync } from 'node:fs';
import { processesWith } from '../faults/leftovers.js';

/** Milliseconds between two looks. */
const LOOK_MS = 2_000;

/**
 * Looks whether Wine's server lives while a program runs. That of Wine 8 has crashed, about once in a hundred suites, and
 * whoever waits for its answer then waits for ever.
 */
export class ServerWatch {
  isGone = false;
  readonly #marker: string;
  readonly #onGone: () => void;
  readonly #timer = setInterval(() => this.#look(), LOOK_MS);
  #wasThere = false;

  /** `marker` is what all of its processes have in their environment. */
  constructor(marker: string, onGone: () => void) {
    this.#marker = marker;
    this.#onGone = onGone;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const isThere = processesWith(this.#marker).some(isServer);
    if (this.#wasThere && !isThere) {
      this.isGone = true;
      this.close();
      this.#onGone();
    }
    this.#wasThere = isThere;
  }
}

function isServer(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('wineserver');
  } catch {
    return false; // gone meanwhile
  }
}
