import { LEDGER_HEADER_SIZE, LEDGER_MAGIC, type Slab } from '@ostler/protocol';
import { ENCODED, GENERATION, type LedgerMemory, type ReplyLedger, SEAL, STARTED, WORD } from './reply-ledger.js';

const SEAL_SIZE = 8;
/** What one call stores within a page has wholly arrived or not at all, when a signal ends the process. */
const PAGE = 4_096;

/**
 * A ledger of which `image` is a copy: the header, then the frames. It is written, not mapped, which Node alone can't: one
 * call of the system that wakes nobody publishes what is done and says what begins.
 */
export class WrittenLedger implements ReplyLedger {
  readonly capacity: number;
  readonly #store: LedgerMemory;
  readonly #image: Slab;
  /** Up to here a store carries the seal that tells whether all of it has arrived. */
  readonly #sealed: number;
  /** Bytes of the frames that are stored. */
  #stored = 0;
  #lastSeal = 0;

  constructor(store: LedgerMemory, size: number, image: Slab) {
    this.#store = store;
    this.#image = image;
    this.capacity = (size - LEDGER_HEADER_SIZE) & ~7;
    this.#sealed = Math.min(size, PAGE) - SEAL_SIZE;
    image.words.fill(0, 0, LEDGER_HEADER_SIZE / WORD);
    image.words[0] = LEDGER_MAGIC;
    this.#storeHeader();
  }

  begin(id: number, held: number): void {
    const { words, bytes } = this.#image;
    const end = LEDGER_HEADER_SIZE + held;
    words[STARTED] = id;
    words[ENCODED] = held;
    if (end <= this.#sealed) {
      this.#lastSeal = (this.#lastSeal % 0xffff_ffff) + 1; // never 0
      words[SEAL] = this.#lastSeal;
      words[end / WORD] = this.#lastSeal;
      this.#store.write(bytes, 0, end + SEAL_SIZE);
    } else {
      if (this.#stored < held) this.#store.write(bytes, LEDGER_HEADER_SIZE + this.#stored, end);
      this.#storeHeader();
    }
    this.#stored = held;
  }

  clear(): void {
    this.#stored = 0;
    const { words } = this.#image;
    if (words[ENCODED] === 0) return;
    words[ENCODED] = 0;
    words[GENERATION] = (words[GENERATION] as number) + 1;
    this.#storeHeader();
  }

  #storeHeader(): void {
    this.#image.words[SEAL] = 0;
    this.#store.write(this.#image.bytes, 0, LEDGER_HEADER_SIZE);
  }
}
