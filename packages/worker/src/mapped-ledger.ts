import { LEDGER_HEADER_SIZE, LEDGER_MAGIC, type Slab } from '@ostler/protocol';
import { ENCODED, GENERATION, type ReplyLedger, SEAL, STARTED, WORD } from './reply-ledger.js';

/**
 * A ledger in memory that the pool maps as well: frames are encoded where they stay, and publishing them is a store. Every
 * store of the header is atomic, so that whoever reads it sees the frames before the number that names them.
 */
export class MappedLedger implements ReplyLedger {
  readonly capacity: number;
  readonly #words: Uint32Array;

  constructor({ bytes, words }: Slab) {
    this.#words = words;
    this.capacity = (bytes.length - LEDGER_HEADER_SIZE) & ~7;
    words.fill(0, 0, LEDGER_HEADER_SIZE / WORD);
    Atomics.store(words, SEAL, 0);
    Atomics.store(words, 0, LEDGER_MAGIC);
  }

  begin(id: number, held: number): void {
    Atomics.store(this.#words, ENCODED, held); // first: else a reply that has no number yet would be lost
    Atomics.store(this.#words, STARTED, id);
  }

  clear(): void {
    const words = this.#words;
    if (words[ENCODED] === 0) return;
    Atomics.store(words, ENCODED, 0);
    Atomics.store(words, GENERATION, (words[GENERATION] as number) + 1);
  }
}
