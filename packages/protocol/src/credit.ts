import { FieldReader, FieldWriter } from './fields.js';

/** The metadata of a CREDIT: the worker may send this many more bytes of chunks. */
export function encodeCredit(bytes: number): Uint8Array {
  return new FieldWriter().number('credit', bytes).bytes();
}

/** FrameError when malformed. */
export function decodeCredit(metadata: Uint8Array): number {
  return new FieldReader(metadata).number('credit');
}
