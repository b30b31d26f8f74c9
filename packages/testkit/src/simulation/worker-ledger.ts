import { LEDGER_HEADER_SIZE, LEDGER_MAGIC, LEDGER_OFFSETS } from '@ostler/protocol';

/** The worker's side of a ledger, in the order of stores that the protocol asks for. */
export class WorkerLedger {
  readonly #memory: Uint8Array;
  readonly #view: DataView;

  constructor(memory: Uint8Array, size: number) {
    this.#memory = memory.subarray(0, size);
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.length);
    this.#view.setUint32(0, LEDGER_MAGIC, true);
  }

  /** Bytes of whole frames in it. */
  get encoded(): number {
    return this.#view.getUint32(LEDGER_OFFSETS.encoded, true);
  }

  set started(id: number) {
    this.#view.setUint32(LEDGER_OFFSETS.started, id, true);
  }

  /** False where the frame does not fit. */
  add(frame: Uint8Array): boolean {
    const start = LEDGER_HEADER_SIZE + this.encoded;
    if (start + frame.length > this.#memory.length) return false;
    this.#memory.set(frame, start);
    this.#view.setUint32(LEDGER_OFFSETS.encoded, this.encoded + frame.length, true);
    return true;
  }

  /** Writes what it holds and empties it; the worker may die at every step. */
  *flush(write: (bytes: Uint8Array) => void): Generator<void, void> {
    const batch = this.#memory.slice(LEDGER_HEADER_SIZE, LEDGER_HEADER_SIZE + this.encoded);
    const middle = batch.length >> 1;
    write(batch.subarray(0, middle));
    yield;
    write(batch.subarray(middle));
    yield;
    this.#view.setUint32(LEDGER_OFFSETS.encoded, 0, true);
    yield;
    this.#view.setUint32(LEDGER_OFFSETS.generation, this.#view.getUint32(LEDGER_OFFSETS.generation, true) + 1, true);
    this.#memory.fill(0xf8, LEDGER_HEADER_SIZE); // whoever reads it now, reads nonsense
  }
}
