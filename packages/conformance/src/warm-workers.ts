import type { RawParent } from './raw-parent.js';

/** More than checks that are played at the same time is of no use. */
const MOST = 4;
/** Of a PING behind everything that a check made the worker write; no check uses this number. */
const LAST_PING = 0xfffffffe;

/** Workers that a check has left as it found them: a start takes longer than most checks, so the next one gets them. */
export class WarmWorkers {
  readonly #parents: RawParent[] = [];

  take(): RawParent | undefined {
    return this.#parents.pop();
  }

  /** Keeps the worker, or ends it. */
  async giveBack(parent: RawParent): Promise<void> {
    if (this.#parents.length < MOST && (await isAsFound(parent))) {
      parent.rewind();
      this.#parents.push(parent);
    } else {
      await parent.destroy();
    }
  }

  async clear(): Promise<void> {
    for (const parent of this.#parents.splice(0)) await parent.destroy();
  }
}

async function isAsFound(parent: RawParent): Promise<boolean> {
  if (!parent.isUntouched) return false;
  try {
    await parent.ping(LAST_PING);
    return parent.isUntouched;
  } catch {
    return false; // it is gone, or does not answer: a check of its own finds that out
  }
}
