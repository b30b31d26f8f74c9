import { LEDGER_OFFSETS } from '@ostler/protocol';

/** Memory of the pool's that outlives this process. */
export interface LedgerMemory {
  /** Its first `size` bytes as memory of ours too; undefined where that can't be: then it is written. */
  map(size: number): ArrayBuffer | undefined;
  /** Stores `image` from `start` to `end` at the same place: when this returns, the death of the worker can't lose it. */
  write(image: Uint8Array, start: number, end: number): void;
}

/** The worker's side of the ledger (docs/protocol.md, 11): it publishes replies that are not written to the channel yet. */
export interface ReplyLedger {
  /** Bytes of frames that it holds. */
  readonly capacity: number;
  /** The task begins; the first `held` bytes of frames are published. */
  begin(id: number, held: number): void;
  /** All that it holds has been written to the channel. */
  clear(): void;
}

/** Places in the header, in words of 32 bits. */
export const WORD = 4;
export const STARTED = LEDGER_OFFSETS.started / WORD;
export const ENCODED = LEDGER_OFFSETS.encoded / WORD;
export const GENERATION = LEDGER_OFFSETS.generation / WORD;
export const SEAL = LEDGER_OFFSETS.seal / WORD;
