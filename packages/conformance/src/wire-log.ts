import { BodyAssembler, FrameDecoder, FrameError, FrameType } from '@ostler/protocol';
import { isTerminal, keepFrame, type ReceivedFrame } from './received-frame.js';

/** No reply of a check is larger; the worker's own limit comes with WELCOME. */
const MAX_BODY = 64 << 20;

/** Everything that a worker wrote to one descriptor: raw, as frames, and as whole messages. */
export class WireLog {
  /** Frames as they came; `messages` has the same with bodies in pieces put together. */
  readonly frames: ReceivedFrame[] = [];
  readonly messages: ReceivedFrame[] = [];
  /** Those of the messages that settle a task, or the start: few where a task prints a lot. */
  readonly terminals: ReceivedFrame[] = [];
  /** Bytes that have come. */
  length = 0;
  readonly damage: string[] = [];
  /** What was no frame, as text. */
  stray = '';
  /** Whether the worker's end is closed. */
  ended = false;
  readonly #chunks: Uint8Array[] = [];
  readonly #assembler = new BodyAssembler(MAX_BODY);
  readonly #decoder: FrameDecoder;

  constructor() {
    this.#decoder = new FrameDecoder({
      onFrame: (frame) => this.#keep(keepFrame(frame)),
      onStray: (bytes, omitted) => {
        this.stray += Buffer.from(bytes).toString('latin1');
        if (omitted > 0) this.stray += `[${omitted} bytes omitted]`;
      },
      onDamage: (damage) => this.damage.push(`frame of id ${damage.id} at ${damage.offset}: ${damage.reason}`),
    });
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.length += bytes.length;
    this.#decoder.push(bytes);
  }

  end(): void {
    this.ended = true;
    this.#decoder.end();
  }

  /** What WELCOME says holds for all that follows. */
  agree(key: number, maxFrame: number): void {
    this.#decoder.key = key;
    this.#decoder.maxFrame = maxFrame;
  }

  /** Forgets the messages behind READY; the conversation goes on. */
  rewind(): void {
    const kept = this.messages.findIndex(({ type }) => type === FrameType.ready) + 1;
    this.frames.length = kept;
    this.messages.length = kept;
    this.terminals.length = 0;
  }

  /** All bytes in one piece. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  #keep(frame: ReceivedFrame): void {
    this.frames.push(frame);
    try {
      const whole = this.#assembler.push(frame);
      if (whole === undefined) return;
      const message = whole === frame ? frame : keepFrame(whole);
      this.messages.push(message);
      if (isTerminal(message)) this.terminals.push(message);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.damage.push(error.message);
    }
  }
}
