import {
  BodyAssembler,
  type Damage,
  type Frame,
  FrameDecoder,
  FrameError,
  FrameType,
  HANDSHAKE_MAX_FRAME,
} from '@ostler/protocol';
import { printable } from './printable.js';

/** The protocol broken: by whom, in which task's frame (0 = unknown), where in the stream, and the bytes found there. */
export interface WorkerViolation {
  readonly id: number;
  readonly side: 'worker' | 'pool';
  readonly offset: number;
  readonly excerpt: string;
  readonly message: string;
}

export interface ChannelListener {
  /** A whole frame; its views are valid during the call. A FrameError that is thrown here counts as a violation. */
  onFrame(frame: Frame): void;
  /** Bytes that are no frame; `omitted` more were dropped. */
  onText(bytes: Uint8Array, omitted: number): void;
  onViolation(violation: WorkerViolation): void;
}

export interface ChannelLimits {
  readonly maxFrame: number;
  readonly maxBody: number;
}

/** Reads the frames on one pipe of a worker. */
export class ChannelReader {
  readonly #listener: ChannelListener;
  readonly #decoder: FrameDecoder;
  readonly #limits: ChannelLimits;
  readonly #bodies = new BodyAssembler(HANDSHAKE_MAX_FRAME);
  #keyless: FrameDecoder | undefined;
  #ending = false;

  constructor(listener: ChannelListener, limits: ChannelLimits) {
    this.#listener = listener;
    this.#limits = limits;
    this.#decoder = new FrameDecoder(
      {
        onFrame: (frame) => this.#onFrame(frame),
        onStray: (bytes, omitted) => this.#onStray(bytes, omitted),
        onDamage: (damage) => this.#onDamage(damage),
      },
      { key: 0, maxFrame: HANDSHAKE_MAX_FRAME },
    );
  }

  push(bytes: Uint8Array): void {
    this.#decoder.push(bytes);
  }

  /** End of file: half a frame is no violation, as the death of its writer may have cut it. */
  end(): void {
    this.#ending = true;
    this.#decoder.end();
    this.#keyless?.end();
  }

  /** WELCOME has been sent: from the next frame on its key and limits hold, but a worker that could not read it says so without them. */
  welcomed(key: number): void {
    this.#decoder.key = key;
    this.#decoder.maxFrame = this.#limits.maxFrame;
    this.#bodies.maxBody = this.#limits.maxBody;
    this.#keyless = new FrameDecoder(
      {
        onFrame: (frame) => {
          if (frame.type === FrameType.failure && frame.id === 0) this.#onFrame(frame);
        },
        onStray: (bytes, omitted) => this.#listener.onText(bytes, omitted),
        onDamage: () => {}, // not of this conversation
      },
      { key: 0, maxFrame: this.#limits.maxFrame },
    );
  }

  /** The worker has read WELCOME: nothing follows without the key. */
  confirmed(): void {
    this.#keyless?.end();
    this.#keyless = undefined;
  }

  #onFrame(frame: Frame): void {
    try {
      const whole = this.#bodies.push(frame);
      if (whole !== undefined) this.#listener.onFrame(whole);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#listener.onViolation({
        id: error.id || frame.id,
        side: 'worker',
        offset: 0,
        excerpt: '',
        message: error.message,
      });
    }
  }

  #onStray(bytes: Uint8Array, omitted: number): void {
    if (this.#keyless === undefined || omitted > 0) this.#listener.onText(bytes, omitted);
    else this.#keyless.push(bytes);
  }

  #onDamage({ id, offset, reason, excerpt }: Damage): void {
    if (this.#ending) return;
    this.#listener.onViolation({ id, side: 'worker', offset, excerpt: printable(excerpt), message: reason });
  }
}
