import {
  decodeHello,
  decodeRemoteError,
  decodeValue,
  Encoding,
  encodeWelcome,
  FrameType,
  frameBytes,
  type Hello,
  PROTOCOL_VERSION,
  type RemoteError,
  splitBody,
  type Welcome,
} from '@ostler/protocol';
import { control, type Outgoing } from './messages.js';
import { describeFrame, type ReceivedFrame } from './received-frame.js';
import { Violation } from './violation.js';
import { WorkerProcess } from './worker-process.js';

export interface WelcomeOptions extends Partial<Welcome> {
  readonly initData?: unknown;
}

/** What the suite says in WELCOME unless a check says otherwise. The key has its highest bit set on purpose. */
export const SETTINGS: Welcome = {
  version: PROTOCOL_VERSION,
  key: 0xc0def00d,
  maxBody: 1 << 20,
  maxFrame: 1 << 16,
  slot: 3,
  workerId: 41,
  ledgerSize: 0,
  poolName: 'conformance',
  concurrency: 1,
};

/** The parent of one worker, reduced to bytes out and frames in: it judges SDKs, so it shares no code with the pool. */
export class RawParent extends WorkerProcess {
  /** TASK frames sent, per id. */
  readonly tasksSent = new Map<number, number>();
  key = 0;
  maxFrame = SETTINGS.maxFrame;

  // -- sending

  /** The bytes of frames with this conversation's key, large bodies in pieces. */
  encode(...frames: readonly Outgoing[]): Uint8Array {
    for (const { type, id } of frames) {
      if (type === FrameType.task) this.tasksSent.set(id, (this.tasksSent.get(id) ?? 0) + 1);
    }
    const pieces = frames.flatMap((frame) => [...splitBody({ ...frame, key: this.key }, this.maxFrame)]);
    return Buffer.concat(pieces.map(frameBytes));
  }

  /** Sends frames in one write. */
  send(...frames: readonly Outgoing[]): void {
    this.writeFrames(this.encode(...frames));
  }

  /** Whether it got nothing but frames, has settled all its tasks, and has written nothing beside the channel. */
  get isUntouched(): boolean {
    const { stray, damage, ended, terminals } = this.wire;
    const sent = [...this.tasksSent.values()].reduce((sum, count) => sum + count, 0);
    const isSilent = `${this.stdout}${this.stderr}${stray}` === '' && damage.length === 0;
    return !this.isTouched && !ended && isSilent && terminals.length === sent;
  }

  /** Forgets what was said behind READY. */
  rewind(): void {
    this.wire.rewind();
    this.tasksSent.clear();
  }

  // -- the handshake

  async hello(): Promise<Hello> {
    const frame = await this.until('HELLO', () => this.wire.messages[0]);
    if (frame.type !== FrameType.hello) throw new Violation('HELLO as the first frame', describeFrame(frame));
    return decodeHello(frame.body);
  }

  welcome({ initData, ...fields }: WelcomeOptions = {}): void {
    const settings = { ...SETTINGS, ledgerSize: this.ledger?.size ?? 0, ...fields };
    const body = initData === undefined ? {} : { encoding: Encoding.json, body: jsonBytes(initData) };
    this.maxFrame = settings.maxFrame;
    this.send({ type: FrameType.welcome, id: 0, metadata: encodeWelcome(settings), ...body });
    this.key = settings.key;
    this.wire.agree(settings.key, settings.maxFrame);
  }

  async ready(): Promise<void> {
    const isAnswer = ({ type, id }: ReceivedFrame) =>
      type === FrameType.ready || (type === FrameType.failure && id === 0);
    const frame = await this.until('READY', () => this.wire.messages.find(isAnswer));
    if (frame.type !== FrameType.ready) throw new Violation('READY', describeFrame(frame));
  }

  // -- receiving

  /** The messages about one task, in order. */
  about(id: number): readonly ReceivedFrame[] {
    return this.wire.messages.filter((frame) => frame.id === id && frame.type >= FrameType.task);
  }

  /** The first message of a task that has this type. */
  message(type: number, id: number): Promise<ReceivedFrame> {
    const what = `a frame of type ${type} with id ${id}`;
    return this.until(what, () => this.wire.messages.find((frame) => frame.type === type && frame.id === id));
  }

  /** The `nth` terminal frame of a task id. */
  settled(id: number, nth = 1): Promise<ReceivedFrame> {
    const isOfTask = (frame: ReceivedFrame) => frame.id === id;
    return this.until(`a terminal frame of task ${id}`, () => this.wire.terminals.filter(isOfTask)[nth - 1]);
  }

  async result(id: number): Promise<ReceivedFrame> {
    const frame = await this.settled(id);
    if (frame.type !== FrameType.result) throw new Violation(`RESULT of task ${id}`, describeFrame(frame));
    return frame;
  }

  /** The value that a task gave back. */
  async value(id: number): Promise<unknown> {
    const { encoding, body } = await this.result(id);
    return decodeValue(encoding, body);
  }

  async failure(id: number): Promise<RemoteError & { readonly flags: number }> {
    const frame = await this.settled(id);
    if (frame.type !== FrameType.failure) throw new Violation(`FAILURE of task ${id}`, describeFrame(frame));
    return { ...decodeRemoteError(frame.body), flags: frame.flags };
  }

  /** PING and its PONG: all that the worker wrote before is here afterwards. */
  async ping(number: number): Promise<void> {
    this.send(control(FrameType.ping, number));
    await this.message(FrameType.pong, number);
  }

  /** All lines of output that are no frames, and what came as LOG. */
  output(): string {
    const logs = this.wire.messages.filter(({ type }) => type === FrameType.log);
    const texts = logs.map(({ body }) => Buffer.from(body).toString());
    return [this.stdout, this.wire.stray, this.stderr, ...texts].join('\n');
  }
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
