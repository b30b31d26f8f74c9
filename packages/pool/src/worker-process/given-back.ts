import { Encoding, Flag, type Frame, FrameType } from '@ostler/protocol';

/** Which tasks a worker was asked to let go of: only those may come back as not begun, or a task could go round for ever. */
export class GivenBack {
  readonly #asked = new Set<number>();

  ask(id: number): void {
    this.#asked.add(id);
  }

  /** A terminal frame as it counts: nobody believes that a task has not begun where nobody asked. */
  settle(frame: Frame): Frame {
    const asked = this.#asked.size > 0 && this.#asked.delete(frame.id);
    if (asked || (frame.flags & Flag.notStarted) === 0) return frame;
    return { ...frame, flags: frame.flags & ~Flag.notStarted };
  }
}

const NOTHING = new Uint8Array(0);

/** The answer to a task that was cancelled before the worker was sent any of it. */
export function takenBack(id: number): Frame {
  const error = { name: 'AbortError', message: 'cancelled before it was sent' };
  const body = new TextEncoder().encode(JSON.stringify(error));
  const flags = Flag.cancelled | Flag.notStarted;
  return { type: FrameType.failure, flags, encoding: Encoding.json, id, metadata: NOTHING, body };
}
