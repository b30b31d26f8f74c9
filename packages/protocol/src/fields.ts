import { MAX_METADATA } from './frame.js';
import { FrameError } from './frame-error.js';
import { decodeText, encodeTextInto } from './text.js';

/** Bytes before a field's value: tag, 0, u16 length. */
const FIELD_HEADER = 4;
const MAX_U32 = 0xffff_ffff;

/** Tags of metadata fields; a reader skips those that it does not know. */
export const FieldTag = {
  handler: 1,
  remainingMs: 2,
  attempt: 3,
  tenant: 4,
  idempotencyKey: 5,
  traceparent: 6,
  tracestate: 7,
  userMetadata: 8,
  totalBodyLength: 9,
  key: 32,
  maxBody: 33,
  maxFrame: 34,
  slot: 35,
  workerId: 36,
  ledgerSize: 37,
  version: 38,
  poolName: 39,
  concurrency: 40,
  credit: 48,
} as const;

type FieldName = keyof typeof FieldTag;

/** Shared by all writers: a Uint8Array of its own costs more than all fields of the common task. */
const scratch = new Uint8Array(MAX_METADATA);

/**
 * Puts fields one after the other, as one frame's metadata; RangeError where they are too large.
 * One writer at a time: get `bytes()` before another one is made.
 */
export class FieldWriter {
  #length = 0;

  get length(): number {
    return this.#length;
  }

  number(name: FieldName, value: number): this {
    if (!Number.isInteger(value) || value < 0 || value > MAX_U32) {
      throw new RangeError(`${name}: expected an unsigned 32-bit number, got ${value}`);
    }
    const at = this.#length + FIELD_HEADER;
    if (at + 4 > MAX_METADATA) throw tooMuch(name);
    scratch[at] = value;
    scratch[at + 1] = value >>> 8;
    scratch[at + 2] = value >>> 16;
    scratch[at + 3] = value >>> 24;
    return this.#end(name, 4);
  }

  text(name: FieldName, value: string): this {
    const room = scratch.subarray(Math.min(MAX_METADATA, this.#length + FIELD_HEADER));
    const { read, written } = encodeTextInto(value, room);
    if (read < value.length) throw tooMuch(name);
    return this.#end(name, written);
  }

  /** The fields in an array of their own. */
  bytes(): Uint8Array {
    return scratch.slice(0, this.#length);
  }

  /** The value is there: what stands before it follows. */
  #end(name: FieldName, size: number): this {
    const at = this.#length;
    if (at + FIELD_HEADER + size > MAX_METADATA) throw tooMuch(name);
    scratch[at] = FieldTag[name];
    scratch[at + 1] = 0;
    scratch[at + 2] = size;
    scratch[at + 3] = size >>> 8;
    this.#length = at + FIELD_HEADER + size;
    return this;
  }
}

function tooMuch(name: FieldName): RangeError {
  return new RangeError(`${name} does not fit: all metadata of a frame has at most ${MAX_METADATA} bytes`);
}

/** The fields of one frame's metadata, by tag; FrameError where they are malformed or a tag comes twice. */
export class FieldReader {
  readonly #values = new Map<number, Uint8Array>();
  readonly #id: number;

  /** `id`: of the frame, for errors. */
  constructor(metadata: Uint8Array, id = 0) {
    this.#id = id;
    let at = 0;
    while (at < metadata.length) {
      const start = at + FIELD_HEADER;
      const tag = metadata[at] as number;
      const length = start > metadata.length ? 0 : (metadata[at + 2] as number) | ((metadata[at + 3] as number) << 8);
      at = start + length;
      if (at > metadata.length) {
        throw this.#malformed(tag, `ends at ${at}, behind the end of the metadata at ${metadata.length}`);
      }
      if (this.#values.has(tag)) throw this.#malformed(tag, 'comes twice');
      this.#values.set(tag, metadata.subarray(start, at));
    }
  }

  /** `absent` is what a missing field means; without it, the field must be there. */
  number(name: FieldName, absent?: number): number {
    const value = this.#values.get(FieldTag[name]);
    if (value === undefined) {
      if (absent === undefined) throw this.#malformed(FieldTag[name], `(${name}) is missing`);
      return absent;
    }
    if (value.length !== 4) {
      throw this.#malformed(FieldTag[name], `(${name}) has ${value.length} bytes, expected 4`);
    }
    return new DataView(value.buffer, value.byteOffset, 4).getUint32(0, true);
  }

  text<Absent>(name: FieldName, absent: Absent): string | Absent {
    const value = this.#values.get(FieldTag[name]);
    return value === undefined ? absent : decodeText(value, `metadata: field ${FieldTag[name]} (${name})`);
  }

  #malformed(tag: number, problem: string): FrameError {
    return new FrameError(`metadata: field ${tag} ${problem}`, this.#id);
  }
}
