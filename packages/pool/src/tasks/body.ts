import type { Body } from '../run-options.js';

/** Bytes of a body on the wire; a string is UTF-8. */
export function bodySize(body: Body): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
}

/** True for what `run()` takes: a string or a Uint8Array (Buffers are). */
export function isBody(value: unknown): value is Body {
  return typeof value === 'string' || value instanceof Uint8Array;
}

/** A copy that owns its memory, as a plain Uint8Array. */
export function ownBytes(view: Uint8Array): Uint8Array {
  return Uint8Array.prototype.slice.call(view);
}
