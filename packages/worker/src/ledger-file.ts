import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { LedgerMemory } from './reply-ledger.js';

/** What is needed of the addon of @ostler/native. */
interface Addon {
  mapFile(fd: number, size: number): ArrayBuffer;
}

/** The file in memory that the pool has given us by its descriptor, and by its path the addon that can map it. */
export class LedgerFile implements LedgerMemory {
  readonly #fd: number;
  readonly #addonPath: string | undefined;

  constructor(fd: number, addonPath: string | undefined) {
    this.#fd = fd;
    this.#addonPath = addonPath;
  }

  map(size: number): ArrayBuffer | undefined {
    if (this.#addonPath === undefined) return undefined;
    try {
      return (createRequire(import.meta.url)(this.#addonPath) as Addon).mapFile(this.#fd, size);
    } catch {
      return undefined; // our Node is of another architecture or C library than the pool's, or may not map: it is written
    }
  }

  write(image: Uint8Array, start: number, end: number): void {
    for (let from = start; from < end; ) from += writeSync(this.#fd, image, from, end - from, from);
  }
}
