import {
  Encoding,
  encodeWelcome,
  type Frame,
  FrameType,
  frameBytes,
  type Hello,
  PROTOCOL_VERSION,
  splitBody,
} from '@ostler/protocol';
import type { WorkerOptions } from './worker-options.js';

/** Bytes of the body of one frame, in either direction: a control frame waits for no more than a few of these. */
export const MAX_FRAME = 262_144;

/** Why this worker can't work for this pool, naming both sides; null where it can. */
export function refusal(hello: Hello, { poolName, concurrency }: WorkerOptions): string | null {
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
export function mayComeBeforeReady({ type, id }: Frame): boolean {
  if (type === FrameType.failure) return id === 0;
  return type !== FrameType.result && type !== FrameType.chunk && type !== FrameType.end && type !== FrameType.progress;
}
