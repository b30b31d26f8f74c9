import {
  encodeFrame,
  encodeHeader,
  encodeTrailer,
  type FrameInput,
  frameSize,
  HANDSHAKE_MAX_FRAME,
  HEADER_SIZE,
  LEDGER_HEADER_SIZE,
  Slab,
  splitBody,
  TRAILER_SIZE,
} from '@ostler/protocol';
import { MappedLedger } from './mapped-ledger.js';
import type { LedgerMemory, ReplyLedger } from './reply-ledger.js';
import type { ReplySink } from './reply-sink.js';
import { WrittenLedger } from './written-ledger.js';

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
/** Where frames begin in the slab: before them is room for the header of the ledger, so that both are stored as they lie. */
const START = LEDGER_HEADER_SIZE;
/** Behind them, for the ledger's seal. */
const SPARE = 8;
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
  #slab = new Slab(START + SLAB_SIZE + SPARE);
  /** Bytes of frames that the slab holds. */
  #room = SLAB_SIZE;
  readonly #sink: ReplySink;
  /** Bytes in the slab that are not written yet. */
  #held = 0;
  #holds = false;
  #ledger: ReplyLedger | undefined = undefined;
  /** Bytes of frames that may be held back. */
  #mayHold = 0;
  /** When the first task began whose reply is held. */
  #since = 0;

  constructor(sink: ReplySink) {
    this.#sink = sink;
  }

  /** From now on replies may wait for each other in a ledger of so many bytes. */
  keepLedger(memory: LedgerMemory, size: number): void {
    const mapped = memory.map(size);
    if (mapped !== undefined) this.#encodeInto(new Slab(mapped));
    this.#ledger = mapped === undefined ? new WrittenLedger(memory, size, this.#slab) : new MappedLedger(this.#slab);
    this.#mayHold = Math.min(this.#room, this.#ledger.capacity);
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
    const room = this.#mayHold;
    if (size > room || body.length > this.maxFrame) {
      this.write(frame);
      return;
    }
    if (this.#held + size > room) this.flush();
    const whole = { type, flags, encoding, id, metadata: NOTHING, body, key: this.key };
    this.#encode(whole);
  }

  /** A task begins. Replies that have waited long enough are written first, as are all where it may take long. */
  begin(id: number, { now, mayTakeLong }: { now: number; mayTakeLong: boolean }): void {
    if (this.#ledger === undefined) return;
    if (this.#held > 0 && (mayTakeLong || now - this.#since > HOLD)) this.flush();
    if (this.#held === 0) this.#since = now;
    this.#ledger.begin(id, this.#held);
  }

  /** Writes what is held. */
  flush(): void {
    const length = this.#held;
    if (length === 0) return;
    this.#held = 0;
    this.#sink.write(this.#slab.bytes.subarray(START, START + length), length);
    this.#ledger?.clear();
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

  #encodeInto(slab: Slab): void {
    this.flush();
    this.#slab = slab;
    this.#room = (slab.bytes.length - START - SPARE) & ~7;
  }

  #write(frame: FrameInput): void {
    const { metadata = NOTHING, body = NOTHING } = frame;
    const size = frameSize(metadata.length, body.length);
    if (this.#held + size > this.#room) this.flush();
    if (size > this.#room) {
      this.#writeInParts(frame);
      return;
    }
    this.#encode(frame);
    if (!this.#holds) this.flush();
  }

  #encode(frame: FrameInput): void {
    this.#held = encodeFrame(this.#slab, START + this.#held, frame) - START;
  }

  /** Header and metadata, the body, padding and trailer. */
  #writeInParts({ type, flags = 0, encoding = 0, id, metadata = NOTHING, body = NOTHING, key }: FrameInput): void {
    const head = { type, flags, encoding, id, metadataLength: metadata.length, bodyLength: body.length, key };
    encodeHeader(this.#slab, START, head);
    const scratch = this.#slab.bytes.subarray(START);
    scratch.set(metadata, HEADER_SIZE);
    this.#sink.write(scratch, HEADER_SIZE + metadata.length);
    this.#sink.write(body, body.length);
    const padding = -(metadata.length + body.length) & 7;
    encodeTrailer(this.#slab, START + 8, head);
    scratch.fill(0, 0, 8).copyWithin(padding, 8, 8 + TRAILER_SIZE);
    this.#sink.write(scratch, padding + TRAILER_SIZE);
  }
}
