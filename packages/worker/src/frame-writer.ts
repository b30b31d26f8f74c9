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
import type { ReplyLedger } from './reply-ledger.js';
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
/** Milliseconds that a reply may wait for company in the ledger. */
const HOLD = 0.15;

/**
 * Encodes frames and writes each before it returns: that is how the reply of a task is out before the next one begins. What
 * belongs together may be written `together`, which takes a call of the system for many frames; with a ledger, replies wait
 * there for each other.
 */
export class FrameWriter {
  /** 0 until WELCOME has named one. */
  key = 0;
  maxFrame = HANDSHAKE_MAX_FRAME;
  ledger: ReplyLedger | undefined = undefined;
  readonly #slab = new Slab(SLAB_SIZE);
  readonly #sink: ReplySink;
  /** Bytes in the slab that are not written yet. */
  #held = 0;
  #holds = false;
  /** How many of them are in the ledger. */
  #inLedger = 0;
  /** When the first task began whose reply is held. */
  #since = 0;

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

  /** Publishes a reply, at the latest when the next task begins; `flush` writes it. */
  publish(frame: OutgoingFrame): void {
    const { type, flags = 0, encoding = 0, id, body = NOTHING } = frame;
    const size = frameSize(0, body.length);
    const room = Math.min(SLAB_SIZE, this.ledger?.capacity ?? 0);
    if (size > room || body.length > this.maxFrame) {
      this.write(frame);
      return;
    }
    if (this.#held + size > room) this.flush();
    const whole = { type, flags, encoding, id, metadata: NOTHING, body, key: this.key };
    this.#held = encodeFrame(this.#slab, this.#held, whole);
  }

  /** A task begins. Replies that have waited long enough are written first, as are all where it may take long. */
  begin(id: number, { now, mayTakeLong }: { now: number; mayTakeLong: boolean }): void {
    const { ledger } = this;
    if (ledger === undefined) return;
    if (this.#held > 0 && (mayTakeLong || now - this.#since > HOLD)) this.flush();
    if (this.#held === 0) this.#since = now;
    if (this.#inLedger < this.#held) {
      ledger.add(this.#slab.bytes, { start: this.#inLedger, end: this.#held });
      this.#inLedger = this.#held;
    }
    ledger.begin(id);
  }

  /** Writes what is held. */
  flush(): void {
    const length = this.#held;
    if (length === 0) return;
    this.#held = 0;
    this.#inLedger = 0;
    this.#sink.write(this.#slab.bytes, length);
    this.ledger?.clear();
  }

  /** The frames that `act` writes go out with as few calls as they need; all of them are out when this returns. */
  together(act: () => void): void {
    this.#holds = true;
    try {
      act();
    } finally {
      this.#holds = false;
      this.flush();
    }
  }

  #write(frame: FrameInput): void {
    const { metadata = NOTHING, body = NOTHING } = frame;
    const size = frameSize(metadata.length, body.length);
    if (this.#held + size > SLAB_SIZE) this.flush();
    if (size > SLAB_SIZE) {
      this.#writeInParts(frame);
      return;
    }
    this.#held = encodeFrame(this.#slab, this.#held, frame);
    if (!this.#holds) this.flush();
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
