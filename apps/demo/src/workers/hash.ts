import { createHash } from 'node:crypto';

/** Bytes from which on a file takes long enough that its beginning is worth telling. */
const BIG = 524_288;

/** The demo's whole Node worker: what a module exports are its handlers. */
export function sha512(body: Uint8Array, task: { progress(value: unknown): void }): Uint8Array {
  if (body.length >= BIG) task.progress({ pid: process.pid });
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
