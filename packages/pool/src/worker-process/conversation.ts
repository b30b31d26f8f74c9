import {
  decodeLastWords,
  Encoding,
  encodeCredit,
  type Frame,
  FrameError,
  FrameType,
  type Hello,
} from '@ostler/protocol';
import type { InputStream, OutputStream } from '../os/operating-system.js';
import { type ChannelListener, ChannelReader, type WorkerViolation } from './channel-reader.js';
import { ChannelWriter } from './channel-writer.js';
import type { Dialogue, DialogueParts } from './dialogue.js';
import { GivenBack, takenBack } from './given-back.js';
import { type Channel, Handshake, type HandshakeOwner, MAX_FRAME, welcomeFrames } from './handshake.js';
import { LedgerReader } from './ledger-reader.js';
import { decodeLogRecord, type LogRecord } from './log-record.js';
import type { OutgoingTask } from './outgoing-task.js';
import { WorkerOutput } from './worker-output.js';

/** Where the parent answers what it reads. */
const ANSWERS: Readonly<Record<Channel, InputStream>> = { stdout: 'stdin', 'channel-out': 'channel-in' };
const text = new TextEncoder();

/** What is said between the pool and one worker, from HELLO on, and what the worker prints beside it. */
export class Conversation implements Dialogue {
  lastActivity: number;
  readonly handshake: Handshake;
  readonly output: WorkerOutput;
  readonly #parts: DialogueParts;
  readonly #readers: Partial<Record<OutputStream, ChannelReader>> = {};
  #writer: ChannelWriter | undefined;
  #ledger: LedgerReader | undefined;
  readonly #givenBack = new GivenBack();
  #tasksSent = 0;
  #lastTask = 0;
  #closed = false;

  constructor(parts: DialogueParts) {
    this.#parts = parts;
    this.lastActivity = parts.os.now();
    this.handshake = new Handshake(parts.options, this.#handshakeOwner());
    this.output = new WorkerOutput((source, line) => {
      const level = source === 'stdout' ? 'info' : 'error';
      parts.listener.onLog(this.#printingTask, { source, level, line });
    });
    this.#listenOn('stdout');
    if (parts.os.hasPrivateChannel) this.#listenOn('channel-out');
  }

  get writer(): ChannelWriter | undefined {
    return this.#writer;
  }

  /** Whether this is where HELLO came, or the last place where it could have come. */
  isChannel(stream: OutputStream): boolean {
    const { channel } = this.handshake;
    if (channel !== undefined) return stream === channel;
    const { [stream]: ended, ...others } = this.#readers;
    return ended !== undefined && Object.keys(others).length === 0;
  }

  receive(stream: OutputStream, bytes: Uint8Array): void {
    const reader = this.#readers[stream];
    if (reader !== undefined) {
      this.lastActivity = this.#parts.os.now();
      reader.push(bytes);
    } else if (stream !== 'channel-out') this.output.push(stream, bytes);
  }

  ended(stream: OutputStream): void {
    if (this.isChannel(stream)) this.#writer?.close(); // nobody would hear the answers any more
    this.#readers[stream]?.end();
    delete this.#readers[stream];
  }

  send(task: OutgoingTask): void {
    this.#tasksSent++;
    this.#lastTask = task.id;
    this.#ledger?.sentAgain(task.id);
    this.#writer?.send(task);
  }

  /** A task that has not left us is answered in the worker's place, when the turn is over. */
  cancel(id: number, flags: number): void {
    this.#givenBack.ask(id);
    if (this.#writer?.takeBack(id)) this.#parts.os.atEndOfTurn(() => this.#answerCancelled(id));
    else if (this.handshake.hello?.capabilities.includes('cancel')) this.#writer?.cancel(id, flags);
  }

  credit(id: number, bytes: number): void {
    this.#writer?.control({ type: FrameType.credit, id, metadata: encodeCredit(bytes) });
  }

  ping(id: number): void {
    this.#writer?.control({ type: FrameType.ping, id });
  }

  endInput(): void {
    this.handshake.isOver = true;
    if (this.#writer !== undefined) this.#writer.end();
    else for (const stream of Object.values(ANSWERS)) this.#parts.process.end(stream);
  }

  peekLedger(): void {
    if (this.#closed || this.#ledger === undefined) return;
    this.lastActivity = this.#parts.os.now();
    this.#ledger.peek((frame) => this.#onReply(frame));
  }

  /** The process is gone: delivers what it left behind, and returns the task that it began last by its ledger. */
  close(): number | null {
    for (const stream of Object.keys(this.#readers) as OutputStream[]) this.ended(stream);
    this.output.end();
    this.#closed = true;
    this.#writer?.close();
    return this.#ledger?.recover((frame) => this.#onReply(frame)) ?? null;
  }

  /** The task that raw output comes from, known only while there has been no other. */
  get #printingTask(): number | null {
    return this.#tasksSent === 1 ? this.#lastTask : null;
  }

  #listenOn(channel: Channel): void {
    const listener: ChannelListener = {
      onFrame: (frame) => this.#onFrame(channel, frame),
      onText: (bytes, omitted) => this.output.push('stdout', bytes, omitted),
      onViolation: (violation) => this.#onViolation(violation),
    };
    const { maxBodySize } = this.#parts.options;
    this.#readers[channel] = new ChannelReader(listener, { maxFrame: MAX_FRAME, maxBody: maxBodySize });
  }

  #onFrame(channel: Channel, frame: Frame): void {
    if (this.handshake.phase === 'ready') this.#onFrameWhenReady(frame);
    else this.handshake.onFrame(channel, frame);
  }

  #onFrameWhenReady(frame: Frame): void {
    switch (frame.type) {
      case FrameType.result:
      case FrameType.failure:
      case FrameType.end:
        if (!this.#ledger?.isRepeated(frame.id)) this.#onReply(frame);
        break;
      case FrameType.chunk:
      case FrameType.progress:
      case FrameType.pong:
        this.#parts.listener.onFrame(frame);
        break;
      case FrameType.hello:
      case FrameType.ready:
        throw new FrameError(`a frame of type ${frame.type} came twice`);
      case FrameType.welcome:
      case FrameType.task:
      case FrameType.credit:
      case FrameType.cancel:
      case FrameType.ping:
        throw new FrameError(`a frame of type ${frame.type} came from the worker, which only the pool sends`);
      default:
        this.#onRemark(frame);
    }
  }

  #onReply(frame: Frame): void {
    this.#parts.listener.onFrame(this.#givenBack.settle(frame));
  }

  /** What a worker may say at any time. Types that we do not know are skipped. */
  #onRemark(frame: Frame): void {
    const { type, id, body } = frame;
    if (type === FrameType.log) this.#onLog(id, decodeLogRecord(body, id));
    else if (type === FrameType.lastWords) this.#parts.listener.onLastWords(id, decodeLastWords(body));
    else if (type === FrameType.ask) this.#refuseToAnswer(id);
  }

  #onLog(id: number, record: LogRecord): void {
    if (record.source === 'stderr') this.output.remember(record.line);
    this.#parts.listener.onLog(id === 0 ? null : id, record);
  }

  #handshakeOwner(): HandshakeOwner {
    return {
      onHello: (channel, hello) => {
        const other: Channel = channel === 'stdout' ? 'channel-out' : 'stdout';
        this.ended(other); // from now on it is a log pipe, or of no use
        this.output.closeHead();
        this.#parts.process.end(ANSWERS[other]);
        this.#welcome(channel, hello);
      },
      onReady: (channel) => {
        this.#readers[channel]?.confirmed();
        this.#parts.listener.onReady();
      },
      onRemark: (frame) => this.#onRemark(frame),
      onRefused: () => this.#parts.listener.onRefused(),
    };
  }

  #welcome(channel: Channel, hello: Hello): void {
    const { id, slot, os, process, options } = this.#parts;
    const ledger = hello.capabilities.includes('ledger') ? this.#parts.ledger : null;
    const key = os.randomKey();
    const stream = ANSWERS[channel];
    for (const bytes of welcomeFrames({ key, id, slot, ledgerSize: ledger?.size ?? 0 }, options)) {
      process.write(stream, bytes, () => {});
    }
    this.#readers[channel]?.welcomed(key);
    this.#writer = new ChannelWriter({ os, process, stream, key, maxFrame: MAX_FRAME });
    const limits = { maxFrame: MAX_FRAME, maxBody: options.maxBodySize };
    if (ledger !== null) this.#ledger = new LedgerReader(ledger, key, limits);
  }

  #onViolation(violation: WorkerViolation): void {
    if (this.handshake.phase === 'ready') this.#parts.listener.onViolation(violation);
    else this.handshake.refuse(violation.message);
  }

  /** Version 1 has no questions that a parent could answer. */
  #refuseToAnswer(id: number): void {
    const error = { name: 'NotSupportedError', message: 'this pool answers no questions' };
    const body = text.encode(JSON.stringify(error));
    this.#writer?.control({ type: FrameType.answer, id, encoding: Encoding.json, body });
  }

  #answerCancelled(id: number): void {
    if (!this.#closed) this.#onReply(takenBack(id)); // else it went down with the worker
  }
}
