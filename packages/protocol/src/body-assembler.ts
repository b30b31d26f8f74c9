import { FieldReader } from './fields.js';
import type { Frame } from './frame.js';
import { FrameError } from './frame-error.js';
import { Flag, FrameType } from './frame-types.js';

/** Frames that belong to the conversation's main line: none of them may stand between the pieces of a body. */
const MAIN_LINE: ReadonlySet<number> = new Set([
  FrameType.hello,
  FrameType.welcome,
  FrameType.ready,
  FrameType.task,
  FrameType.result,
  FrameType.failure,
  FrameType.chunk,
  FrameType.end,
]);

/** Joins the pieces of bodies that were split; holds one body at a time, of `maxBody` bytes at most. */
export class BodyAssembler {
  /** Bytes; may be changed, as WELCOME does, and holds for the next body. */
  maxBody: number;
  /** What is being put together; its body is its own memory, `#length` bytes of which are there. */
  #whole: Frame | undefined;
  #length = 0;

  constructor(maxBody: number) {
    this.maxBody = maxBody;
  }

  /** Whether pieces are still to come. */
  get pending(): boolean {
    return this.#whole !== undefined;
  }

  /**
   * The whole frame once its last piece is there, in memory of its own; a frame that was not split comes back at once, as it is.
   * FrameError where a rule is broken; what was there of a body is then forgotten.
   */
  push(frame: Frame): Frame | undefined {
    if (frame.type === FrameType.body) return this.#continue(frame);
    const more = (frame.flags & Flag.more) !== 0;
    if (this.#whole !== undefined && (more || MAIN_LINE.has(frame.type))) {
      throw this.#broken(`a frame of type ${frame.type} stands between the pieces of a body`, frame.id);
    }
    if (!more) return frame;
    this.#begin(frame);
    return undefined;
  }

  #begin(frame: Frame): void {
    const total = new FieldReader(frame.metadata, frame.id).number('totalBodyLength');
    if (total > this.maxBody) {
      throw this.#broken(`a body of ${total} bytes is announced, the limit is ${this.maxBody}`, frame.id);
    }
    if (frame.body.length >= total) {
      throw this.#broken(`a body of ${total} bytes begins with ${frame.body.length}`, frame.id);
    }
    const body = new Uint8Array(total);
    body.set(frame.body);
    this.#length = frame.body.length;
    const { type, flags, encoding, id } = frame;
    this.#whole = { type, flags: flags & ~Flag.more, encoding, id, metadata: Uint8Array.from(frame.metadata), body };
  }

  #continue(piece: Frame): Frame | undefined {
    const whole = this.#whole;
    if (whole === undefined || whole.id !== piece.id) {
      throw this.#broken(`a piece of a body has id ${piece.id}, expected ${whole?.id ?? 'none'}`, piece.id);
    }
    const total = whole.body.length;
    const length = this.#length + piece.body.length;
    const more = (piece.flags & Flag.more) !== 0;
    if (length > total || (more && length === total)) {
      throw this.#broken(`a body of ${total} bytes has ${length}${more ? ' and more' : ''}`, piece.id);
    }
    whole.body.set(piece.body, this.#length);
    this.#length = length;
    if (more) return undefined;
    if (length < total) throw this.#broken(`a body of ${total} bytes ends after ${length}`, piece.id);
    this.#whole = undefined;
    return whole;
  }

  #broken(message: string, id: number): FrameError {
    this.#whole = undefined;
    return new FrameError(message, id);
  }
}
