import {
  BodyAssembler,
  type Damage,
  decodeCredit,
  decodeValue,
  decodeWelcome,
  Encoding,
  encodeHello,
  encodeLastWords,
  encodeValue,
  Flag,
  type Frame,
  FrameDecoder,
  FrameError,
  type FrameSink,
  FrameType,
  HANDSHAKE_MAX_FRAME,
  PROTOCOL_VERSION,
  toRemoteError,
  type Welcome,
} from '@ostler/protocol';
import { FrameWriter } from './frame-writer.js';
import type { Handlers, WorkerInfo } from './handler.js';
import { describeWorker } from './hello.js';
import { LiveTask, type LogRecord, type TaskHost } from './live-task.js';
import { MetadataCache } from './metadata-cache.js';
import { encodeError, encodeLog } from './record.js';
import type { LedgerMemory } from './reply-ledger.js';
import type { ReplySink } from './reply-sink.js';
import { ReplyWriter } from './reply-writer.js';
import { TaskRunner } from './task-runner.js';
import type { Turn } from './turn.js';
import { BodyTooLargeError } from './worker-error.js';

/** Bytes from which on a body is worth a buffer of its own in the decoder. */
const LARGE = 65_536;

/** The process around a session: what the conversation makes it do. */
export interface SessionOwner {
  /** WELCOME is here; the worker is ready when this has resolved, and its start has failed if it throws. */
  init(data: unknown, info: WorkerInfo): unknown;
  onStartFailed(error: unknown): void;
  /** A task's handler is done; what it has printed must go out now, before its terminal frame. */
  onFinished(task: LiveTask): void;
  /** The pool has closed the channel and no task is left; `wasReady` is false if there never could be one. */
  onDrained(wasReady: boolean): void;
  /** What came is not the protocol; no frame of it can be trusted. */
  onDamage(reason: string): void;
}

export interface SessionParts {
  readonly handlers: Handlers;
  readonly sink: ReplySink;
  /** What the pool has offered. */
  readonly ledger?: LedgerMemory | undefined;
  readonly turn: Turn;
  readonly owner: SessionOwner;
}

/** A worker's side of the conversation: bytes come in by `push`, frames go out to the sink. */
export class Session implements FrameSink, TaskHost {
  slot = 0;
  readonly #owner: SessionOwner;
  readonly #turn: Turn;
  readonly #handlerNames: readonly string[];
  readonly #decoder: FrameDecoder;
  readonly #frames: FrameWriter;
  readonly #ledger: LedgerMemory | undefined;
  readonly #replies: ReplyWriter;
  readonly #runner: TaskRunner;
  readonly #metadata = new MetadataCache();
  #bodies = new BodyAssembler(HANDSHAKE_MAX_FRAME);
  #welcome: Welcome | undefined = undefined;
  /** The task whose body is still coming in pieces. */
  #arriving: { readonly id: number; cancelled: boolean } | undefined = undefined;
  #stage: 'greeting' | 'starting' | 'ready' = 'greeting';

  constructor({ handlers, sink, ledger, turn, owner }: SessionParts) {
    this.#owner = owner;
    this.#turn = turn;
    this.#handlerNames = Object.keys(handlers);
    this.#decoder = new FrameDecoder(this, { maxFrame: HANDSHAKE_MAX_FRAME });
    this.#frames = new FrameWriter(sink);
    this.#ledger = ledger;
    this.#replies = new ReplyWriter(this.#frames);
    this.#runner = new TaskRunner({
      handlers,
      turn,
      replies: this.#replies,
      onFinished: (task) => owner.onFinished(task),
      onDrained: () => owner.onDrained(true),
    });
  }

  /** Says HELLO; nothing else is sent before WELCOME. */
  greet(): void {
    const body = encodeHello(describeWorker(this.#handlerNames, this.#ledger !== undefined));
    this.#frames.write({ type: FrameType.hello, encoding: Encoding.json, id: 0, body });
  }

  /** Takes what was read; sync handlers run before this returns. The bytes may be overwritten afterwards. */
  push(bytes: Uint8Array): void {
    this.#turn.begin();
    this.#decoder.push(bytes);
    this.#replies.flush();
  }

  /** The channel has ended: the tasks that are here are finished. */
  end(): void {
    this.#decoder.end();
    if (this.#stage === 'ready') this.#runner.end();
    else this.#owner.onDrained(false);
  }

  /** Lines for the pool's log, of a task or of none. */
  log(task: LiveTask | undefined, records: readonly LogRecord[]): void {
    const id = task === undefined || task.done ? 0 : task.id;
    this.#frames.together(() => {
      for (const record of records) {
        const body = encodeLog(record, this.#frames.maxFrame);
        this.#frames.write({ type: FrameType.log, encoding: Encoding.json, id, body });
      }
    });
  }

  /** Names the task whose code threw what will end the process; it may be one that was finished long ago. */
  lastWords(task: LiveTask | undefined, error: unknown): void {
    if (this.#stage === 'greeting') return; // without the key of WELCOME it might not be understood
    const words = { ...toRemoteError(error), ...(task !== undefined && { handler: task.handler }) };
    const body = encodeLastWords(words, this.#frames.maxFrame);
    this.#frames.write({ type: FrameType.lastWords, encoding: Encoding.json, id: task?.id ?? 0, body });
  }

  // TaskHost

  now(): number {
    return this.#turn.now();
  }

  sendLog(task: LiveTask, record: LogRecord): void {
    this.log(task, [record]);
  }

  sendProgress(task: LiveTask, value: unknown): void {
    const { encoding, body } = encodeValue(value);
    if (encoding !== Encoding.json) throw new TypeError('A progress value cannot hold a Uint8Array');
    const limit = this.#frames.maxFrame;
    if (body.length > limit) throw new BodyTooLargeError('The progress value', body.length, limit);
    if (!task.done) this.#frames.write({ type: FrameType.progress, encoding, id: task.id, body });
  }

  // FrameSink

  onFrame(frame: Frame): void {
    try {
      if (this.#stage === 'greeting') this.#onGreeting(frame);
      else this.#onMessage(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#owner.onDamage(error.message);
    }
  }

  onStray(bytes: Uint8Array): void {
    const excerpt = Buffer.from(bytes.subarray(0, 32)).toString('hex');
    this.#owner.onDamage(`expected a frame, got the bytes ${excerpt}`);
  }

  onDamage({ id, reason }: Damage): void {
    this.#owner.onDamage(`the frame of task ${id}: ${reason}`);
  }

  #onGreeting(frame: Frame): void {
    if (frame.type === FrameType.welcome) {
      this.#welcome = decodeWelcome(frame.metadata);
      this.#bodies = new BodyAssembler(this.#welcome.maxBody);
    } else if (frame.type !== FrameType.body) {
      this.#owner.onDamage(`expected WELCOME, got a frame of type ${frame.type}`);
      return;
    }
    const whole = this.#bodies.push(frame);
    if (whole !== undefined && this.#welcome !== undefined) this.#start(this.#welcome, whole);
  }

  #start(welcome: Welcome, { encoding, body }: Frame): void {
    this.#stage = 'starting';
    this.slot = welcome.slot;
    this.#frames.key = this.#decoder.key = welcome.key;
    this.#frames.maxFrame = this.#decoder.maxFrame = welcome.maxFrame;
    this.#replies.maxBody = welcome.maxBody;
    if (this.#ledger !== undefined && welcome.ledgerSize > 0) {
      this.#frames.keepLedger(this.#ledger, welcome.ledgerSize);
    }
    this.#runner.concurrency = welcome.concurrency;
    const data = body.length > 0 ? decodeValue(encoding, body) : undefined;
    void this.#initialize(welcome, data);
  }

  async #initialize({ version, slot, workerId }: Welcome, data: unknown): Promise<void> {
    try {
      if (version !== PROTOCOL_VERSION) throw new Error(mismatch(version));
      await this.#owner.init(data, { slot, workerId });
    } catch (error) {
      const body = encodeError(error, this.#frames.maxFrame);
      this.#frames.write({ type: FrameType.failure, encoding: Encoding.json, id: 0, body });
      this.#owner.onStartFailed(error);
      return;
    }
    this.#stage = 'ready';
    this.#frames.write({ type: FrameType.ready, id: 0 });
    this.#runner.open();
  }

  #onMessage(frame: Frame): void {
    switch (frame.type) {
      case FrameType.task:
      case FrameType.body:
        this.#onTask(frame);
        break;
      case FrameType.cancel:
        if (this.#arriving?.id === frame.id) this.#arriving.cancelled = true;
        else if ((frame.flags & Flag.notStarted) === 0) this.#runner.cancel(frame.id);
        else this.#runner.recall(frame.id);
        break;
      case FrameType.credit:
        this.#runner.credit(frame.id, decodeCredit(frame.metadata));
        break;
      case FrameType.ping:
        this.#frames.write({ type: FrameType.pong, id: frame.id });
        break;
      default: // a later version may say more; what this one does not know, it does not need
    }
  }

  #onTask(frame: Frame): void {
    const whole = this.#bodies.push(frame);
    if (whole === undefined) {
      this.#arriving ??= { id: frame.id, cancelled: false };
      return;
    }
    const { id, flags, encoding, metadata } = whole;
    const body = whole === frame ? this.#ownBody(frame) : Buffer.from(whole.body.buffer);
    const task = new LiveTask({ id, flags, encoding, fields: this.#metadata.decode(metadata), body }, this);
    const cancelled = this.#arriving?.cancelled ?? false;
    this.#arriving = undefined;
    if (cancelled) this.#runner.giveBack(task);
    else this.#runner.accept(task);
  }

  /** A handler may keep its input, while the buffer of the channel is filled again. */
  #ownBody({ body }: Frame): Buffer {
    if (body.length < LARGE) return Buffer.from(body); // a copy in Node's pool
    const { buffer, byteOffset, byteLength } = this.#decoder.ownBody();
    return Buffer.from(buffer, byteOffset, byteLength);
  }
}

function mismatch(version: number): string {
  return `The pool speaks protocol ${version}, @ostler/worker speaks protocol ${PROTOCOL_VERSION}`;
}
