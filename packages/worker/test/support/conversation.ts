import {
  encodeTaskMetadata,
  encodeValue,
  encodeWelcome,
  type Frame,
  FrameDecoder,
  type FrameInput,
  FrameType,
  frameBytes,
  type TaskMetadata,
  type Welcome,
} from '@ostler/protocol';
import type { Handlers } from '../../src/handler.js';
import type { LiveTask } from '../../src/live-task.js';
import { Session, type SessionOwner } from '../../src/session.js';
import { Turn } from '../../src/turn.js';

export const KEY = 0x9e3779b9;

const WELCOME: Welcome = {
  version: 1,
  key: KEY,
  maxBody: 1 << 20,
  maxFrame: 1 << 16,
  slot: 2,
  workerId: 7,
  ledgerSize: 0,
  poolName: 'test',
  concurrency: 1,
};

export interface SentFrame {
  readonly type: number;
  readonly flags: number;
  readonly encoding: number;
  readonly id: number;
  readonly text: string;
  readonly body: Uint8Array;
}

/** A session without a process: its frames are collected, its time and its turns are ours. */
export class Conversation {
  readonly sent: SentFrame[] = [];
  /** All that was written since READY, byte by byte. */
  written = Buffer.alloc(0);
  readonly damage: string[] = [];
  readonly startFailures: unknown[] = [];
  readonly finished: LiveTask[] = [];
  readonly drained: boolean[] = [];
  readonly session: Session;
  /** Milliseconds. */
  now = 0;
  #deferred: (() => void)[] = [];
  #watchers = new Set<() => void>();
  readonly #reader: FrameDecoder;

  constructor(handlers: Handlers, init: SessionOwner['init'] = () => {}) {
    this.#reader = new FrameDecoder(
      {
        onFrame: (frame) => this.#onFrame(frame),
        onStray: (bytes) => this.damage.push(`stray: ${Buffer.from(bytes).toString('hex')}`),
        onDamage: ({ reason }) => this.damage.push(reason),
      },
      { maxFrame: 1 << 20 },
    );
    const owner: SessionOwner = {
      init,
      onStartFailed: (error) => this.startFailures.push(error),
      onFinished: (task) => this.finished.push(task),
      onDrained: (wasReady) => this.drained.push(wasReady),
      onDamage: (reason) => this.damage.push(reason),
    };
    const turn = new Turn(
      () => this.now,
      (callback) => this.#deferred.push(callback),
    );
    const sink = {
      write: (bytes: Uint8Array, length: number) => {
        const copy = bytes.slice(0, length);
        this.written = Buffer.concat([this.written, copy]);
        this.#reader.push(copy);
        for (const watcher of [...this.#watchers]) watcher();
      },
    };
    this.session = new Session({ handlers, sink, turn, owner });
  }

  /** Through the handshake; afterwards `sent` and `written` have only what follows READY. */
  static async ready(handlers: Handlers, welcome: Partial<Welcome> = {}): Promise<Conversation> {
    const conversation = new Conversation(handlers);
    conversation.session.greet();
    conversation.welcome(welcome);
    await conversation.until(FrameType.ready, 0);
    conversation.sent.length = 0;
    conversation.written = Buffer.alloc(0);
    return conversation;
  }

  /** For a WELCOME that does not come from here. */
  expectKey(key = KEY): void {
    this.#reader.key = key;
  }

  welcome(fields: Partial<Welcome> = {}, initData?: unknown): void {
    const settings = { ...WELCOME, ...fields };
    const body = initData === undefined ? {} : encodeValue(initData);
    this.#reader.key = settings.key; // before: an init that fails answers at once
    this.session.push(
      frameBytes({ type: FrameType.welcome, id: 0, key: 0, metadata: encodeWelcome(settings), ...body }),
    );
  }

  /** Sends frames in one piece, as the pool does. */
  send(...frames: Omit<FrameInput, 'key'>[]): void {
    this.session.push(Buffer.concat(frames.map((frame) => frameBytes({ ...frame, key: KEY }))));
  }

  /** What was sent, as short as `result 1 "text"`. */
  get story(): string[] {
    return this.sent.map(({ type, id, text }) => `${nameOf(type)} ${id}${text === '' ? '' : ` ${text}`}`);
  }

  /** The next turn of the event loop. */
  turn(): void {
    const callbacks = this.#deferred;
    this.#deferred = [];
    for (const callback of callbacks) callback();
  }

  get hasDeferred(): boolean {
    return this.#deferred.length > 0;
  }

  until(type: number, id: number): Promise<SentFrame> {
    return new Promise((resolve) => {
      const look = () => {
        const frame = this.sent.find((sent) => sent.type === type && sent.id === id);
        if (frame === undefined) return;
        this.#watchers.delete(look);
        resolve(frame);
      };
      this.#watchers.add(look);
      look();
    });
  }

  #onFrame({ type, flags, encoding, id, body }: Frame): void {
    const copy = body.slice();
    this.sent.push({ type, flags, encoding, id, text: Buffer.from(copy).toString(), body: copy });
  }
}

function nameOf(type: number): string {
  return Object.entries(FrameType).find(([, value]) => value === type)?.[0] ?? `type ${type}`;
}

export interface TaskOptions extends Partial<TaskMetadata> {
  readonly flags?: number;
}

/** A TASK as `run` sends it. */
export function bytesTask(id: number, body: string | Uint8Array, { flags = 0, ...fields }: TaskOptions = {}) {
  const metadata = encodeTaskMetadata(fields);
  return { type: FrameType.task, id, flags, body: Buffer.from(body), ...(metadata && { metadata }) };
}

/** A TASK as `call` sends it. */
export function valueTask(id: number, value: unknown, { flags = 0, ...fields }: TaskOptions = {}) {
  const metadata = encodeTaskMetadata(fields);
  return { type: FrameType.task, id, flags, ...encodeValue(value), ...(metadata && { metadata }) };
}
