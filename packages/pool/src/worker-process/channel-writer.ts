import { type FrameInput, FrameType, frameSize, HEADER_SIZE } from '@ostler/protocol';
import type { InputStream, OperatingSystem, OsProcess } from '../os/operating-system.js';
import { Fifo } from './fifo.js';
import { type OutgoingBuffer, recycle, takeBuffer } from './outgoing-buffer.js';
import type { OutgoingTask } from './outgoing-task.js';
import { TaskEncoder } from './task-encoder.js';

/** Buffers that the system may hold; while it does, tasks wait as they are and cost no copy. */
const MAX_HANDED = 2;

export interface ChannelWriterParts {
  readonly os: OperatingSystem;
  readonly process: OsProcess;
  readonly stream: InputStream;
  readonly key: number;
  /** Bytes of the largest body of one frame. */
  readonly maxFrame: number;
}

/** A write that the system has not finished: a buffer of ours, or a piece of somebody's body. */
interface Handed {
  readonly size: number;
  readonly buffer: OutgoingBuffer | undefined;
}

/** A task whose body goes out piece by piece. */
interface BigTask {
  readonly id: number;
  readonly pieces: Iterator<FrameInput>;
  next: FrameInput | undefined;
  /** The flags of the CANCEL that follows its last piece. */
  cancel: number | undefined;
}

/**
 * Writes frames to one worker. Frames of one turn of the event loop go out in one write; control frames pass what still
 * waits of a big body, tasks never pass each other.
 */
export class ChannelWriter {
  readonly #parts: ChannelWriterParts;
  readonly #encoder: TaskEncoder;
  readonly #waiting = new Fifo<OutgoingTask>();
  readonly #handed = new Fifo<Handed>();
  #buffer: OutgoingBuffer | undefined;
  #big: BigTask | undefined;
  #handedBuffers = 0;
  #handedBytes = 0;
  #waitingBytes = 0;
  #flushComes = false;
  #state: 'open' | 'ending' | 'ended' = 'open';

  constructor(parts: ChannelWriterParts) {
    this.#parts = parts;
    this.#encoder = new TaskEncoder(parts.key, parts.maxFrame);
  }

  /** Bytes that the system has not taken yet; tasks that wait are counted without their frames. */
  get bytesUnsent(): number {
    return this.#handedBytes + (this.#buffer?.size ?? 0) + this.#waitingBytes;
  }

  /** Whether the system has not yet taken the whole of a task. */
  hasUnsent(id: number): boolean {
    if (this.#big?.id === id || this.#buffer?.taskIds.includes(id)) return true;
    if (this.#waiting.some((task) => task.id === id)) return true;
    return this.#handed.some(({ buffer }) => buffer?.taskIds.includes(id) === true);
  }

  send(task: OutgoingTask): void {
    if (this.#state !== 'open') return;
    if (this.#big !== undefined || this.#waiting.length > 0 || !this.#write(task)) {
      this.#waiting.push(task);
      this.#waitingBytes += task.body.length;
    }
    this.#flushLater();
  }

  /** Sends a small frame past all that waits. */
  control(frame: Omit<FrameInput, 'key'>): void {
    if (this.#state === 'ended') return;
    const size = frameSize(frame.metadata?.byteLength ?? 0, frame.body?.byteLength ?? 0);
    if (this.#current().room < size) this.#handOn();
    this.#current().add({ ...frame, key: this.#parts.key });
    this.#flushLater();
  }

  /** Takes a task back that has not begun to go out; false where it is too late. */
  takeBack(id: number): boolean {
    const task = this.#waiting.take((each) => each.id === id);
    if (task !== undefined) this.#waitingBytes -= task.body.length;
    return task !== undefined;
  }

  /** Sends CANCEL, after the last piece of its task: before it, it would name a task that the worker does not know. */
  cancel(id: number, flags: number): void {
    if (this.#big?.id === id) this.#big.cancel = flags & (this.#big.cancel ?? flags);
    else this.control({ type: FrameType.cancel, flags, id });
  }

  /** End of file, after all that was sent. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#flushLater();
  }

  /** The process is gone, or can't answer any more: nothing more is written. */
  close(): void {
    this.#state = 'ended';
    this.#buffer = undefined;
    this.#big = undefined;
  }

  #flushLater(): void {
    if (this.#flushComes) return;
    this.#flushComes = true;
    this.#parts.os.atEndOfTurn(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushComes = false;
    if (this.#state === 'ended') return;
    this.#writeWaiting();
    if (this.#handedBuffers < MAX_HANDED) this.#handOn();
    const allHandedOn = this.#buffer === undefined && this.#big === undefined && this.#waiting.length === 0;
    if (this.#state !== 'ending' || !allHandedOn) return;
    this.#state = 'ended';
    this.#parts.process.end(this.#parts.stream);
  };

  readonly #onWritten = (): void => {
    const done = this.#handed.shift();
    if (done === undefined) return;
    this.#handedBytes -= done.size;
    if (done.buffer === undefined) return;
    this.#handedBuffers--;
    recycle(done.buffer);
    this.#flush();
  };

  #writeWaiting(): void {
    if (this.#big !== undefined) this.#writePieces(this.#big);
    for (let task = this.#waiting.first; task !== undefined; task = this.#waiting.first) {
      if (this.#big !== undefined || !this.#write(task)) return;
      this.#waiting.shift();
      this.#waitingBytes -= task.body.length;
    }
  }

  /** Writes a task, or the first pieces of a big one; false where there is no room yet. */
  #write(task: OutgoingTask): boolean {
    const size = this.#encoder.roomFor(task);
    if (size === undefined) return this.#begin(task);
    if (this.#current().room < size) {
      if (this.#handedBuffers >= MAX_HANDED) return false;
      this.#handOn();
    }
    this.#encoder.encode(task, this.#current());
    return true;
  }

  #begin(task: OutgoingTask): boolean {
    if (this.#handedBuffers >= MAX_HANDED) return false;
    const pieces = this.#encoder.pieces(task);
    const big = { id: task.id, pieces, next: pieces.next().value, cancel: undefined };
    this.#big = big;
    this.#writePieces(big);
    return true;
  }

  #writePieces(big: BigTask): void {
    for (let piece = big.next; piece !== undefined; piece = big.next) {
      if (this.#handedBuffers >= MAX_HANDED) return;
      this.#writePiece(piece);
      big.next = big.pieces.next().value;
    }
    this.#big = undefined;
    this.#current().taskIds.push(big.id);
    if (big.cancel !== undefined) this.control({ type: FrameType.cancel, flags: big.cancel, id: big.id });
  }

  /** Header and trailer go through buffers, the body as it is. */
  #writePiece({ metadata, body, ...frame }: FrameInput): void {
    const metadataLength = metadata?.byteLength ?? 0;
    const bodyLength = body?.byteLength ?? 0;
    const head = { ...frame, flags: frame.flags ?? 0, encoding: frame.encoding ?? 0, metadataLength, bodyLength };
    if (this.#current().room < HEADER_SIZE + metadataLength) this.#handOn();
    this.#current().open(head, metadata);
    this.#handOn();
    if (body !== undefined) this.#hand(body, undefined);
    this.#current().close(head);
  }

  #current(): OutgoingBuffer {
    this.#buffer ??= takeBuffer();
    return this.#buffer;
  }

  #handOn(): void {
    const buffer = this.#buffer;
    if (buffer === undefined || buffer.size === 0) return;
    this.#buffer = undefined;
    this.#handedBuffers++;
    this.#hand(buffer.bytes, buffer);
  }

  #hand(bytes: Uint8Array, buffer: OutgoingBuffer | undefined): void {
    this.#handed.push({ size: bytes.byteLength, buffer });
    this.#handedBytes += bytes.byteLength;
    this.#parts.process.write(this.#parts.stream, bytes, this.#onWritten);
  }
}
