import type { InputStream, OutputStream } from '@ostler/pool/os';
import {
  Encoding,
  encodeRemoteError,
  type FrameInput,
  FrameType,
  frameBytes,
  splitBody,
  toRemoteError,
  type Welcome,
} from '@ostler/protocol';
import type { Host } from './program.js';
import type { ReceivedTask, Steps } from './received-task.js';
import { WorkerLedger } from './worker-ledger.js';

type Message = Omit<FrameInput, 'key'>;

/** Replies below this size, in bytes, are held back in the ledger, where there is one. */
const HELD_BACK = 1_000;
const NO_BYTES = new Uint8Array(0);

/** What a simulated worker can say, for its scripts. */
export class WorkerVoice {
  readonly host: Host;
  readonly input: InputStream;
  readonly output: OutputStream;
  /** Bytes of chunks that each stream may still send. */
  readonly credit = new Map<number, number>();
  /** True until a frame comes. */
  isAsleep = false;
  #welcome: Welcome | undefined;
  #ledger: WorkerLedger | undefined;
  #flushing: Steps | undefined;

  constructor(host: Host, isPrivate: boolean) {
    this.host = host;
    this.input = isPrivate ? 'channel-in' : 'stdin';
    this.output = isPrivate ? 'channel-out' : 'stdout';
  }

  /** Bytes of replies that are held back. */
  get held(): number {
    return this.#ledger?.encoded ?? 0;
  }

  welcomed(welcome: Welcome): void {
    this.#welcome = welcome;
    const { ledger } = this.host;
    if (welcome.ledgerSize > 0 && ledger !== null) this.#ledger = new WorkerLedger(ledger, welcome.ledgerSize);
  }

  began(task: ReceivedTask): void {
    if (this.#ledger !== undefined) this.#ledger.started = task.id;
  }

  /** A batch is half written: the worker reads, says and begins nothing else before all of it is. */
  get isFlushing(): boolean {
    return this.#flushing !== undefined;
  }

  /** Begins to write what is held back, in steps of `goOnFlushing`. */
  flush(): void {
    if (this.held > 0) this.#flushing ??= this.#ledger?.flush((bytes) => this.raw(bytes));
  }

  goOnFlushing(): void {
    if (this.#flushing?.next().done) this.#flushing = undefined;
  }

  /** The terminal frame of a task, for which nothing can be said afterwards. */
  reply(task: ReceivedTask, body: Uint8Array | string = NO_BYTES): void {
    this.#publish({ type: FrameType.result, id: task.id, encoding: task.encoding, body: bytesOf(body) });
  }

  /** The same, for a task that failed. */
  fail(task: ReceivedTask, error: unknown, flags = 0): void {
    this.#publish({ ...failure(error), id: task.id, flags });
  }

  /** The same, for a stream. */
  end(task: ReceivedTask): void {
    this.#publish({ type: FrameType.end, id: task.id });
  }

  /** Its init failed. */
  failStart(error: unknown): void {
    this.send({ ...failure(error), id: 0 });
  }

  /** Sends one chunk as soon as there is credit: `yield* voice.chunk(task, body)`. */
  *chunk(task: ReceivedTask, body: Uint8Array | string): Steps {
    const bytes = bytesOf(body);
    while ((this.credit.get(task.id) ?? 0) <= 0) yield* this.sleep();
    while (this.held > 0) {
      this.flush();
      yield;
    }
    this.credit.set(task.id, (this.credit.get(task.id) ?? 0) - bytes.length);
    this.send({ type: FrameType.chunk, id: task.id, encoding: task.encoding, body: bytes });
  }

  /** Waits until a frame comes: `yield* voice.sleep()`. */
  *sleep(): Steps {
    this.isAsleep = true;
    yield;
  }

  log(task: ReceivedTask | undefined, message: string): void {
    const body = bytesOf(JSON.stringify({ level: 'info', message }));
    this.send({ type: FrameType.log, id: task?.id ?? 0, encoding: Encoding.json, body });
  }

  /** Writes a frame to the channel, now. */
  send(message: Message): void {
    const maxFrame = this.#welcome?.maxFrame ?? 1_000_000;
    for (const piece of splitBody({ ...message, key: this.#key }, maxFrame)) this.raw(frameBytes(piece));
  }

  /** The bytes of a frame as it would be sent. */
  frame(message: Message): Uint8Array {
    return frameBytes({ ...message, key: this.#key });
  }

  /** Writes bytes to the channel, now. */
  raw(bytes: Uint8Array | string): void {
    this.host.write(this.output, bytes);
  }

  closeChannel(): void {
    this.host.close(this.output);
  }

  get #key(): number {
    return this.#welcome?.key ?? 0;
  }

  #publish(message: Message): void {
    if ((message.body?.length ?? 0) < HELD_BACK && this.#ledger?.add(this.frame(message))) return;
    this.flush(); // what does not fit follows what is held back
    while (this.isFlushing) this.goOnFlushing();
    this.send(message);
  }
}

/** Without its stack, which would make a world depend on the folder that this file is in. */
function failure(error: unknown): Omit<Message, 'id'> {
  const { stack: _, ...told } = toRemoteError(error);
  return { type: FrameType.failure, encoding: Encoding.json, body: encodeRemoteError(told) };
}

function bytesOf(body: Uint8Array | string): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}
