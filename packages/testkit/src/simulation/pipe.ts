import type { Random } from './random.js';

/** Bytes on their way through a pipe: in and out in any portions, in order. */
export class Pipe {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Takes a copy. */
  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(Uint8Array.from(bytes));
    this.#size += bytes.length;
  }

  /** The next `count` bytes, or as many as there are. */
  read(count: number): Uint8Array {
    const wanted = Math.min(count, this.#size);
    const bytes = new Uint8Array(wanted);
    for (let filled = 0; filled < wanted; ) {
      const chunk = this.#chunks[0] as Uint8Array;
      const part = chunk.subarray(0, wanted - filled);
      bytes.set(part, filled);
      filled += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#size -= wanted;
    return bytes;
  }
}

/** How much of `all` a system call takes: now a few bytes, now some thousands, now everything. */
export function portion(random: Random, all: number): number {
  const kind = random.between(0, 9);
  if (kind < 2) return random.between(1, Math.min(all, 16));
  if (kind < 5) return random.between(1, Math.min(all, 4096));
  return all;
}
