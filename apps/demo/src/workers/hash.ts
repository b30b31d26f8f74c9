import { createHash } from 'node:crypto';

/** The demo's whole Node worker: what a module exports are its handlers. */
export function sha512(body: Uint8Array): Uint8Array {
  return createHash('sha512').update(body).digest();
}

/** A task that never ends and never lets go of its thread. */
export function loop(): never {
  for (;;);
}

/** A task that keeps all that it can get. */
export function hoard(): never {
  const kept: number[][] = [];
  for (;;) kept.push(new Array<number>(100_000).fill(kept.length));
}
