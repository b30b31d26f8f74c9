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

/** Encodes frames and writes each before it returns: that is how the reply of a task is out before the next one begins. */
export class FrameWriter {
  /** 0 until WELCOME has named one. */
  key = 0;
  maxFrame = HANDSHAKE_MAX_FRAME;
  readonly #slab = new Slab(SLAB_SIZE);
  readonly #sink: ReplySink;

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

  #write(frame: FrameInput): void {
    const { metadata = NOTHING, body = NOTHING } = frame;
    const { bytes } = this.#slab;
    if (frameSize(metadata.length, body.length) <= bytes.length) {
      this.#sink.write(bytes, encodeFrame(this.#slab, 0, frame));
    } else {
      this.#writeInParts(frame);
    }
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
