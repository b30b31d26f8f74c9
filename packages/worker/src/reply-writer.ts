import { Encoding, encodeValue, Flag, FrameType } from '@ostler/protocol';
import type { FrameWriter } from './frame-writer.js';
import type { LiveTask } from './live-task.js';
import { movedValue } from './moved-value.js';
import { encodeError } from './record.js';
import { BodyTooLargeError, ReplyKindError } from './worker-error.js';

interface Reply {
  readonly encoding: number;
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Turns what handlers give back into frames. The encoding of the request decides the encoding of the reply. */
export class ReplyWriter {
  /** Bytes of one reply or chunk; WELCOME says how many. */
  maxBody = Number.POSITIVE_INFINITY;
  readonly #frames: FrameWriter;

  constructor(frames: FrameWriter) {
    this.#frames = frames;
  }

  /** A task begins: the replies of those before it are published. */
  begin(task: LiveTask, when: { now: number; mayTakeLong: boolean }): void {
    this.#frames.begin(task.id, when);
  }

  /** Nothing is held back any more. */
  flush(): void {
    this.#frames.flush();
  }

  /** Throws a ReplyKindError, a JsonValueError or a BodyTooLargeError for a value that cannot be the reply. */
  result(task: LiveTask, value: unknown): void {
    this.#write(FrameType.result, task, value);
  }

  /** One item of a stream; returns its bytes, and throws as `result`. */
  chunk(task: LiveTask, value: unknown): number {
    return this.#write(FrameType.chunk, task, value);
  }

  end(task: LiveTask): void {
    this.#frames.publish({ type: FrameType.end, id: task.id });
  }

  failure(task: LiveTask, error: unknown): void {
    this.#fail(task.id, error, task.cancelled ? Flag.cancelled : 0);
  }

  /** For a task that was cancelled before it began. */
  notStarted(task: LiveTask, error: unknown): void {
    this.#fail(task.id, error, Flag.cancelled | Flag.notStarted);
  }

  #fail(id: number, error: unknown, flags: number): void {
    const body = encodeError(error, this.#frames.maxFrame);
    this.#frames.publish({ type: FrameType.failure, flags, encoding: Encoding.json, id, body });
  }

  /** Returns the bytes of the body. */
  #write(type: number, task: LiveTask, given: unknown): number {
    const value = given instanceof Uint8Array ? given : movedValue(given);
    const isBytes = task.encoding === Encoding.bytes;
    const { encoding, body } = isBytes ? bytesReply(task, value) : encodeValue(value);
    const size = body.length;
    if (size > this.maxBody) throw new BodyTooLargeError(`The reply of handler '${task.handler}'`, size, this.maxBody);
    const frame = { type, encoding, id: task.id, body };
    if (type === FrameType.result) this.#frames.publish(frame);
    else this.#frames.write(frame);
    return size;
  }
}

function bytesReply(task: LiveTask, value: unknown): Reply {
  return { encoding: Encoding.bytes, body: toBytes(value) ?? refuse(task, value) };
}

function toBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Buffer.from(value);
  if (value === undefined) return NOTHING;
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}

function refuse(task: LiveTask, value: unknown): never {
  throw new ReplyKindError(
    `Handler '${task.handler}' gave ${describe(value)}, but its caller sent bytes and gets bytes: ` +
      'give a Uint8Array, a Buffer, an ArrayBuffer, a string or undefined, or call it by call(), which takes JSON values',
  );
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return `an object of class ${value.constructor?.name ?? 'Object'}`;
}
