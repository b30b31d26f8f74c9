import {
  encodeFrame,
  encodeHeader,
  encodeTrailer,
  type FrameInput,
  frameSize,
  HANDSHAKE_MAX_FRAME,
  HEADER_SIZE,
  Slab,
  splitBody,
  TRAILER_SIZE,
} from '@ostler/protocol';
import type { ReplySink } from './reply-sink.js';

/** A frame without its key, which is the writer's. */
export interface OutgoingFrame {
  readonly type: number;
  readonly flags?: number;
  readonly encoding?: number;
  readonly id: number;
  readonly body?: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Frames up to this size are copied and written at once; of larger ones the body is written from where it lies. */
const SLAB_SIZE = 65_536;

/**
 * Encodes frames and writes each before it returns: that is how the reply of a task is out before the next one begins. What
 * belongs together may be written `together`, which takes a call of the system for many frames.
 */
export class FrameWriter {
  /** 0 until WELCOME has named one. */
  key = 0;
  maxFrame = HANDSHAKE_MAX_FRAME;
  readonly #slab = new Slab(SLAB_SIZE);
  readonly #sink: ReplySink;
  /** Bytes in the slab that are not written yet. */
  #held = 0;
  #holds = false;

  constructor(sink: ReplySink) {
    this.#sink = sink;
  }

  /** A body over the frame limit goes out in pieces. */
  write({ type, flags = 0, encoding = 0, id, body = NOTHING }: OutgoingFrame): void {
    // All members, always in this order: objects of one shape are what keeps the encoder fast.
    const frame = { type, flags, encoding, id, metadata: NOTHING, body, key: this.key };
    if (body.length <= this.maxFrame) {
      this.#write(frame);
      return;
    }
    for (const piece of splitBody(frame, this.maxFrame)) this.#write(piece);
  }

  /** The frames that `act` writes go out with as few calls as they need; all of them are out when this returns. */
  together(act: () => void): void {
    this.#holds = true;
    try {
      act();
    } finally {
      this.#holds = false;
      this.#flush();
    }
  }

  #write(frame: FrameInput): void {
    const { metadata = NOTHING, body = NOTHING } = frame;
    const size = frameSize(metadata.length, body.length);
    if (this.#held + size > SLAB_SIZE) this.#flush();
    if (size > SLAB_SIZE) {
      this.#writeInParts(frame);
      return;
    }
    this.#held = encodeFrame(this.#slab, this.#held, frame);
    if (!this.#holds) this.#flush();
  }

  #flush(): void {
    const length = this.#held;
    if (length === 0) return;
    this.#held = 0;
    this.#sink.write(this.#slab.bytes, length);
  }

  /** Header and metadata, the body, padding and trailer. */
  #writeInParts({ type, flags = 0, encoding = 0, id, metadata = NOTHING, body = NOTHING, key }: FrameInput): void {
    const slab = this.#slab;
    const head = { type, flags, encoding, id, metadataLength: metadata.length, bodyLength: body.length, key };
    encodeHeader(slab, 0, head);
    slab.bytes.set(metadata, HEADER_SIZE);
    this.#sink.write(slab.bytes, HEADER_SIZE + metadata.length);
    this.#sink.write(body, body.length);
    const padding = -(metadata.length + body.length) & 7;
    encodeTrailer(slab, 8, head);
    slab.bytes.fill(0, 0, 8).copyWithin(padding, 8, 8 + TRAILER_SIZE);
    this.#sink.write(slab.bytes, padding + TRAILER_SIZE);
  }
}
