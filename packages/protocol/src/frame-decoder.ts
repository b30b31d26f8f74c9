import {
  EMPTY,
  type Frame,
  frameSize,
  HANDSHAKE_MAX_FRAME,
  HEADER_SIZE,
  MAGIC,
  MAGIC_FIRST_BYTE,
  MAX_METADATA,
  TRAILER_SIZE,
} from './frame.js';

/** A frame whose header was right and whose end was not, or never came. */
export interface Damage {
  id: number;
  /** Where it began, in bytes since the first one pushed. */
  offset: number;
  /** Bytes that were taken for it. */
  length: number;
  reason: string;
  /** Its last bytes, 64 at most, in memory of their own. */
  excerpt: Uint8Array;
}

/** Told in the order of the bytes; must not throw or push. Views are valid only during the call. */
export interface FrameSink {
  onFrame(frame: Frame): void;
  /** Bytes that are no frame: 64 KiB at most per call, and how many behind them are not shown. */
  onStray(bytes: Uint8Array, omitted: number): void;
  onDamage(damage: Damage): void;
}

const MAX_STRAY = 65_536;
const MAX_EXCERPT = 64;
/** A buffer of this size is kept for the next frame; a larger one is given back. */
const KEPT_BUFFER = frameSize(0, HANDSHAKE_MAX_FRAME);
const FIRST_BUFFER = 4_096;

/** Answers of `#measure` beside a frame's size, which is 32 at least. */
const NO_FRAME = 0;
const UNDECIDED = 1;

/**
 * Bytes in any chunks in, frames out. A frame wholly inside one chunk is not copied; one that straddles chunks is copied once.
 * `key` and `maxFrame` (bytes of one body) may be changed at any time, also in `onFrame`, and hold from the next frame on.
 */
export class FrameDecoder {
  key: number;
  maxFrame: number;

  readonly #sink: FrameSink;
  /** Of the frame that is being read; the sink gets this very object. */
  readonly #frame: Frame = { type: 0, flags: 0, encoding: 0, id: 0, metadata: EMPTY, body: EMPTY };
  #metadataLength = 0;
  #bodyLength = 0;
  /** Bytes of all chunks before the present one. */
  #pushed = 0;
  /** What an earlier chunk left: the beginning of a header or of a frame. `#needed` is what must be there before it is looked at. */
  #buffer = EMPTY;
  #bufferView = new DataView(EMPTY.buffer);
  #held = 0;
  #needed = HEADER_SIZE;
  #heldOffset = 0;

  constructor(sink: FrameSink, options: { key?: number; maxFrame?: number } = {}) {
    this.#sink = sink;
    this.key = options.key ?? 0;
    this.maxFrame = options.maxFrame ?? HANDSHAKE_MAX_FRAME;
  }

  /** Bytes of memory held for what has not wholly arrived; never more than the largest frame allowed, or 1 MiB. */
  get bufferSize(): number {
    return this.#buffer.length;
  }

  push(bytes: Uint8Array): void {
    const start = this.#held === 0 ? 0 : this.#continue(bytes);
    if (start < bytes.length) this.#scan(bytes, start);
    this.#pushed += bytes.length;
    this.#frame.metadata = EMPTY; // keeps nobody's memory alive
    this.#frame.body = EMPTY;
  }

  /** No more bytes will come: what is held is a truncated frame, or stray. */
  end(): void {
    const held = this.#held;
    this.#held = 0;
    if (held === 0) return;
    if (this.#needed === HEADER_SIZE) this.#strayed(this.#buffer, 0, held);
    else {
      this.#damaged(this.#buffer.subarray(0, held), this.#heldOffset, 'the channel ended in the middle of it');
    }
    this.#release();
  }

  /**
   * The body of the frame that `onFrame` is being told of, in memory that nobody writes to any more: a large one that came in
   * several chunks as it is, any other as a copy.
   */
  ownBody(): Uint8Array {
    const { body } = this.#frame;
    if (body.buffer !== this.#buffer.buffer || body.length * 2 < this.#buffer.length) return body.slice();
    this.#buffer = EMPTY;
    this.#bufferView = new DataView(EMPTY.buffer);
    return body;
  }

  /** Takes all frames from a chunk, and keeps what may be the beginning of one. */
  #scan(bytes: Uint8Array, start: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = bytes.length;
    let strayFrom = start;
    let at = start;
    while (at < end) {
      const size = this.#measure(view, at, end);
      if (size === NO_FRAME) {
        at = nextCandidate(bytes, at + 1);
        continue;
      }
      if (strayFrom < at) this.#strayed(bytes, strayFrom, at);
      if (size === UNDECIDED || size > end - at) {
        this.#hold(bytes, at, size);
        return;
      }
      this.#deliver(bytes, view, at);
      at += size;
      strayFrom = at;
    }
    if (strayFrom < end) this.#strayed(bytes, strayFrom, end);
  }

  /** The size of the frame at `at`, whose header goes to `#frame`; NO_FRAME; or UNDECIDED where its header is not all there. */
  #measure(view: DataView, at: number, end: number): number {
    if (end - at < HEADER_SIZE) return startsLikeMagic(view, at, end) ? UNDECIDED : NO_FRAME;
    if (view.getUint32(at, true) !== MAGIC) return NO_FRAME;
    const word = view.getUint32(at + 4, true);
    const id = view.getUint32(at + 8, true);
    const metadataLength = view.getUint32(at + 12, true);
    const bodyLength = view.getUint32(at + 16, true);
    const check = view.getUint32(at + 20, true);
    if ((this.key ^ word ^ id ^ metadataLength ^ bodyLength ^ check) !== 0) return NO_FRAME;
    if (metadataLength > MAX_METADATA || bodyLength > this.maxFrame) return NO_FRAME;
    const frame = this.#frame;
    frame.type = word & 0xff;
    frame.flags = (word >>> 8) & 0xff;
    frame.encoding = (word >>> 16) & 0xff;
    frame.id = id;
    this.#metadataLength = metadataLength;
    this.#bodyLength = bodyLength;
    return frameSize(metadataLength, bodyLength);
  }

  /** Hands out the measured frame at `at`, all of which is there. */
  #deliver(bytes: Uint8Array, view: DataView, at: number): void {
    const frame = this.#frame;
    const payload = this.#metadataLength + this.#bodyLength;
    const size = frameSize(this.#metadataLength, this.#bodyLength);
    const trailer = at + size - TRAILER_SIZE;
    if (view.getUint32(trailer, true) !== frame.id || view.getUint32(trailer + 4, true) !== payload) {
      const offset = bytes === this.#buffer ? this.#heldOffset : this.#pushed + at;
      const reason = 'its end is not where its header says: bytes got into it, or got lost';
      this.#damaged(bytes.subarray(at, at + size), offset, reason);
      return;
    }
    const start = bytes.byteOffset + at + HEADER_SIZE;
    // Not subarray(): of a Buffer it makes a Buffer.
    frame.metadata = this.#metadataLength === 0 ? EMPTY : new Uint8Array(bytes.buffer, start, this.#metadataLength);
    frame.body =
      this.#bodyLength === 0 ? EMPTY : new Uint8Array(bytes.buffer, start + this.#metadataLength, this.#bodyLength);
    this.#sink.onFrame(frame);
  }

  /** Goes on with what is held; returns how much of the chunk it used up, and has either that all or nothing held any more. */
  #continue(bytes: Uint8Array): number {
    let at = 0;
    while (this.#held > 0) {
      at = this.#take(bytes, at);
      if (this.#needed === HEADER_SIZE) {
        const size = this.#measure(this.#bufferView, 0, this.#held);
        if (size === UNDECIDED) return at;
        if (size === NO_FRAME) {
          this.#strayHeld();
          if (this.#held <= at) return this.#putBack(at); // all that is left was in this chunk: cheaper to look at it there
        } else this.#need(size);
        continue;
      }
      if (this.#held < this.#needed) return at;
      this.#held = 0;
      this.#deliver(this.#buffer, this.#bufferView, 0);
      this.#release();
    }
    return at;
  }

  #putBack(at: number): number {
    const start = at - this.#held;
    this.#held = 0;
    return start;
  }

  /** Keeps the end of a chunk: a frame of `size` bytes of which some are still to come, or an UNDECIDED header. */
  #hold(bytes: Uint8Array, at: number, size: number): void {
    this.#heldOffset = this.#pushed + at;
    this.#need(size === UNDECIDED ? HEADER_SIZE : size);
    this.#take(bytes, at);
  }

  #need(size: number): void {
    this.#needed = size;
    if (this.#buffer.length >= size) return;
    const buffer = new Uint8Array(Math.max(size, FIRST_BUFFER));
    buffer.set(this.#buffer.subarray(0, this.#held));
    this.#buffer = buffer;
    this.#bufferView = new DataView(buffer.buffer);
  }

  #take(bytes: Uint8Array, at: number): number {
    const count = Math.min(this.#needed - this.#held, bytes.length - at);
    this.#buffer.set(bytes.subarray(at, at + count), this.#held);
    this.#held += count;
    return at + count;
  }

  /** What is held is no header: all up to the next byte that may begin one is stray. */
  #strayHeld(): void {
    const held = this.#buffer.subarray(0, this.#held);
    const next = nextCandidate(held, 1);
    this.#strayed(held, 0, next);
    this.#buffer.copyWithin(0, next, this.#held);
    this.#held -= next;
    this.#heldOffset += next;
  }

  #release(): void {
    this.#needed = HEADER_SIZE;
    if (this.#buffer.length <= KEPT_BUFFER) return;
    this.#buffer = EMPTY;
    this.#bufferView = new DataView(EMPTY.buffer);
  }

  #strayed(bytes: Uint8Array, from: number, to: number): void {
    const shown = Math.min(to - from, MAX_STRAY);
    this.#sink.onStray(new Uint8Array(bytes.buffer, bytes.byteOffset + from, shown), to - from - shown);
  }

  #damaged(bytes: Uint8Array, offset: number, reason: string): void {
    const excerpt = Uint8Array.from(bytes.subarray(-MAX_EXCERPT));
    this.#sink.onDamage({ id: this.#frame.id, offset, length: bytes.length, reason, excerpt });
  }
}

/** Where the next frame could begin: frames begin with a byte that does not occur again in the magic. */
function nextCandidate(bytes: Uint8Array, from: number): number {
  const found = bytes.indexOf(MAGIC_FIRST_BYTE, from);
  return found === -1 ? bytes.length : found;
}

/** Whether less than a header's bytes are, as far as they go, those of the magic. */
function startsLikeMagic(view: DataView, at: number, end: number): boolean {
  for (let index = 0; index < 4 && at + index < end; index += 1) {
    if (view.getUint8(at + index) !== ((MAGIC >>> (index * 8)) & 0xff)) return false;
  }
  return true;
}
