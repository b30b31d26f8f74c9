import {
  decodeHello,
  decodeRemoteError,
  Encoding,
  encodeWelcome,
  type Frame,
  FrameType,
  frameBytes,
  type Hello,
  PROTOCOL_VERSION,
  type RemoteError,
  splitBody,
} from '@ostler/protocol';
import type { OutputStream } from '../os/operating-system.js';
import type { WorkerOptions } from './worker-options.js';

/** Bytes of the body of one frame, in either direction: a control frame waits for no more than a few of these. */
export const MAX_FRAME = 262_144;

/** Where a worker may speak. */
export type Channel = Exclude<OutputStream, 'stderr'>;

/** What the handshake makes the conversation do. */
export interface HandshakeOwner {
  /** HELLO has come on this channel: what is the answer? */
  onHello(channel: Channel, hello: Hello): void;
  onReady(channel: Channel): void;
  /** It says something that needs no handshake. */
  onRemark(frame: Frame): void;
  /** It can't work for this pool; `error` says why. */
  onRefused(): void;
}

/** The beginning of a conversation: HELLO, WELCOME, `init` in the worker, READY. */
export class Handshake {
  phase: 'handshake' | 'init' | 'ready' = 'handshake';
  hello: Hello | undefined;
  /** Where HELLO came. */
  channel: Channel | undefined;
  error: string | null = null;
  initError: RemoteError | null = null;
  /** The pool wants it to leave. */
  isOver = false;
  readonly #options: WorkerOptions;
  readonly #owner: HandshakeOwner;

  constructor(options: WorkerOptions, owner: HandshakeOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  /** A frame before READY. */
  onFrame(channel: Channel, frame: Frame): void {
    if (this.error !== null) return;
    const { type } = frame;
    if (type === FrameType.hello && this.phase === 'handshake') this.#onHello(channel, decodeHello(frame.body));
    else if (type === FrameType.ready && this.phase === 'init') this.#onReady(channel);
    else if (type === FrameType.failure && frame.id === 0) this.initError = decodeRemoteError(frame.body);
    else if (mayComeBeforeReady(frame)) this.#owner.onRemark(frame);
    else {
      const due = this.phase === 'init' ? 'READY' : 'HELLO';
      this.refuse(`the worker sent a frame of type ${type} before ${due}`);
    }
  }

  refuse(reason: string): void {
    if (this.error !== null) return;
    this.error = reason;
    this.#owner.onRefused();
  }

  #onHello(channel: Channel, hello: Hello): void {
    this.hello = hello;
    if (this.isOver) return; // it will read that, and leave
    const reason = refusal(hello, this.#options);
    if (reason !== null) {
      this.refuse(reason);
      return;
    }
    this.channel = channel;
    this.phase = 'init';
    this.#owner.onHello(channel, hello);
  }

  #onReady(channel: Channel): void {
    this.phase = 'ready';
    this.#owner.onReady(channel);
  }
}

/** Why this worker can't work for this pool, naming both sides; null where it can. */
function refusal(hello: Hello, { poolName, concurrency }: WorkerOptions): string | null {
  const { min, max } = hello.protocol;
  const worker = `the worker (${hello.sdk.name} ${hello.sdk.version} on ${hello.runtime.name} ${hello.runtime.version})`;
  if (min > PROTOCOL_VERSION || max < PROTOCOL_VERSION) {
    const spoken = min === max ? `version ${min}` : `versions ${min} to ${max}`;
    return `${worker} speaks ${spoken} of the protocol, the pool '${poolName}' speaks version ${PROTOCOL_VERSION}`;
  }
  if (concurrency > 1 && !hello.capabilities.includes('concurrency')) {
    return `the pool '${poolName}' wants ${concurrency} tasks at once from a worker, ${worker} runs one at a time`;
  }
  return null;
}

export interface WelcomeFacts {
  readonly key: number;
  readonly id: number;
  readonly slot: number;
  /** 0 for none. */
  readonly ledgerSize: number;
}

/** The answer to HELLO: one frame, or several where the init data is big. All of them go without the key that they bring. */
export function* welcomeFrames(
  { key, id, slot, ledgerSize }: WelcomeFacts,
  options: WorkerOptions,
): Iterable<Uint8Array> {
  const { maxBodySize, poolName, concurrency, initData } = options;
  const metadata = encodeWelcome({
    version: PROTOCOL_VERSION,
    key,
    maxBody: maxBodySize,
    maxFrame: MAX_FRAME,
    slot,
    workerId: id,
    ledgerSize,
    poolName,
    concurrency,
  });
  const welcome = { type: FrameType.welcome, encoding: Encoding.json, id: 0, metadata, key: 0 };
  if (initData === undefined) yield frameBytes(welcome);
  else for (const piece of splitBody({ ...welcome, body: initData }, MAX_FRAME)) yield frameBytes(piece);
}

/** Whether a worker may send this before it is ready. */
function mayComeBeforeReady({ type, id }: Frame): boolean {
  if (type === FrameType.failure) return id === 0;
  return type !== FrameType.result && type !== FrameType.chunk && type !== FrameType.end && type !== FrameType.progress;
}
