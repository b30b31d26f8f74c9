import { writeSync } from 'node:fs';
import type { LedgerStore } from './reply-ledger.js';

/** The file in memory that the pool has given us by its descriptor. */
export class LedgerFile implements LedgerStore {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(image: Uint8Array, start: number, end: number): void {
    for (let from = start; from < end; ) from += writeSync(this.#fd, image, from, end - from, from);
  }
}
