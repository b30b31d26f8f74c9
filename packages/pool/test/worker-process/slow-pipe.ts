import { BodyAssembler, type Frame, FrameDecoder } from '@ostler/protocol';
import { expect } from 'vitest';
import type { OperatingSystem, OsProcess } from '../../src/os/operating-system.js';
import { ChannelWriter } from '../../src/worker-process/channel-writer.js';
import type { OutgoingTask } from '../../src/worker-process/outgoing-task.js';

export const KEY = 0x1234;
export const MAX_FRAME = 262_144;

/** A pipe whose writes are done only when the test says so. */
export class SlowPipe {
  readonly writer: ChannelWriter;
  readonly frames: Frame[] = [];
  /** All bytes that the system has taken. */
  readonly bytes: Uint8Array[] = [];
  writes = 0;
  ended = false;
  readonly #open: { bytes: Uint8Array; onWritten: () => void }[] = [];
  readonly #turn: (() => void)[] = [];
  readonly #decoder: FrameDecoder;

  constructor(maxFrame = MAX_FRAME) {
    const bodies = new BodyAssembler(1 << 30);
    this.#decoder = new FrameDecoder(
      {
        onFrame: (frame) => {
          const whole = bodies.push(frame);
          if (whole !== undefined)
            this.frames.push({ ...whole, body: whole.body.slice(), metadata: whole.metadata.slice() });
        },
        onStray: () => expect.fail('stray bytes'),
        onDamage: ({ reason }) => expect.fail(reason),
      },
      { key: KEY, maxFrame },
    );
    const process = {
      write: (_: string, bytes: Uint8Array, onWritten: () => void) => {
        this.writes++;
        this.#open.push({ bytes, onWritten });
      },
      end: () => {
        this.ended = true;
      },
    } as unknown as OsProcess;
    const os = { atEndOfTurn: (callback: () => void) => this.#turn.push(callback) } as unknown as OperatingSystem;
    this.writer = new ChannelWriter({ os, process, stream: 'stdin', key: KEY, maxFrame });
  }

  get ids(): number[] {
    return this.frames.map(({ id }) => id);
  }

  /** Bytes that have been handed to the system and are not written. */
  get pending(): number {
    return this.#open.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  turn(): void {
    for (const callback of this.#turn.splice(0)) callback();
  }

  /** The system takes the oldest write; false where there is none. */
  take(): boolean {
    const write = this.#open.shift();
    if (write === undefined) return false;
    const bytes = Uint8Array.from(write.bytes);
    this.bytes.push(bytes);
    this.#decoder.push(bytes);
    write.onWritten();
    this.turn();
    return true;
  }

  takeAll(): void {
    this.turn();
    while (this.take());
  }
}

/** A task with a body and little else. */
export const task = (id: number, body: Uint8Array | string, more: Partial<OutgoingTask> = {}): OutgoingTask => ({
  id,
  body,
  encoding: 0,
  metadata: undefined,
  stream: false,
  ...more,
});
