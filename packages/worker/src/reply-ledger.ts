import { LEDGER_HEADER_SIZE, LEDGER_MAGIC, LEDGER_OFFSETS } from '@ostler/protocol';

/** Memory that outlives this process. */
export interface LedgerStore {
  /** Stores `bytes` from `start` to `end` at `position`: when this returns, the death of the worker can't lose them. */
  write(bytes: Uint8Array, range: { start: number; end: number }, position: number): void;
}

const WORD = 4;
const HEADER_WORDS = 4;
const HEADER = { start: 0, end: HEADER_WORDS * WORD };
const [STARTED, ENCODED, GENERATION] = [
  LEDGER_OFFSETS.started / WORD,
  LEDGER_OFFSETS.encoded / WORD,
  LEDGER_OFFSETS.generation / WORD,
];

/**
 * The worker's side of the ledger (docs/protocol.md, 11). It is written, not mapped, which Node can't: a call of the system that
 * wakes nobody still costs a fraction of a write to the channel.
 */
export class ReplyLedger {
  /** Bytes of frames that it holds. */
  readonly capacity: number;
  readonly #store: LedgerStore;
  readonly #header = new Uint32Array(HEADER_WORDS);
  readonly #headerBytes = new Uint8Array(this.#header.buffer);

  constructor(store: LedgerStore, size: number) {
    this.#store = store;
    this.capacity = (size - LEDGER_HEADER_SIZE) & ~7;
    this.#header[0] = LEDGER_MAGIC;
    this.#writeHeader();
  }

  /** The task begins; what was added before is published. */
  begin(id: number): void {
    this.#header[STARTED] = id;
    this.#writeHeader();
  }

  /** Adds whole frames behind the others; they count from the next `begin` on. */
  add(bytes: Uint8Array, range: { start: number; end: number }): void {
    const encoded = this.#header[ENCODED] as number;
    this.#store.write(bytes, range, LEDGER_HEADER_SIZE + encoded);
    this.#header[ENCODED] = encoded + range.end - range.start;
  }

  /** All that it holds has been written to the channel. */
  clear(): void {
    if (this.#header[ENCODED] === 0) return;
    this.#header[ENCODED] = 0;
    this.#header[GENERATION] = (this.#header[GENERATION] as number) + 1;
    this.#writeHeader();
  }

  #writeHeader(): void {
    this.#store.write(this.#headerBytes, HEADER, 0);
  }
}
