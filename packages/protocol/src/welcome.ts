import { FieldReader, FieldWriter } from './fields.js';

/** What WELCOME tells a worker beside its init data. */
export interface Welcome {
  version: number;
  /** Of all frames from now on. */
  key: number;
  /** Bytes of an assembled body. */
  maxBody: number;
  /** Bytes of one frame's body. */
  maxFrame: number;
  slot: number;
  workerId: number;
  /** Bytes; 0 = none. */
  ledgerSize: number;
  poolName: string;
  concurrency: number;
}

/** The metadata of a WELCOME. */
export function encodeWelcome(welcome: Welcome): Uint8Array {
  const fields = new FieldWriter()
    .number('key', welcome.key)
    .number('maxBody', welcome.maxBody)
    .number('maxFrame', welcome.maxFrame)
    .number('slot', welcome.slot)
    .number('workerId', welcome.workerId);
  if (welcome.ledgerSize !== 0) fields.number('ledgerSize', welcome.ledgerSize);
  fields.number('version', welcome.version).text('poolName', welcome.poolName);
  if (welcome.concurrency !== 1) fields.number('concurrency', welcome.concurrency);
  return fields.bytes();
}

/** FrameError when malformed, or when a field is missing that must be there. */
export function decodeWelcome(metadata: Uint8Array): Welcome {
  const fields = new FieldReader(metadata);
  return {
    version: fields.number('version'),
    key: fields.number('key'),
    maxBody: fields.number('maxBody'),
    maxFrame: fields.number('maxFrame'),
    slot: fields.number('slot'),
    workerId: fields.number('workerId'),
    ledgerSize: fields.number('ledgerSize', 0),
    poolName: fields.text('poolName', ''),
    concurrency: fields.number('concurrency', 1),
  };
}
