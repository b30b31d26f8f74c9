import { createHash } from 'node:crypto';

/** The reply is the body. */
export function echo(body: Uint8Array): Uint8Array {
  return body;
}

export function sha512(body: Uint8Array): Uint8Array {
  return createHash('sha512').update(body).digest();
}
