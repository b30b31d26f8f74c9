/** First word of a ledger: "OSTL". */
export const LEDGER_MAGIC = 0x4c54534f;
/** Bytes before the frames. */
export const LEDGER_HEADER_SIZE = 64;
/** Where the header's numbers are; all are u32. */
export const LEDGER_OFFSETS = { started: 4, encoded: 8, generation: 12, seal: 16 } as const;

/** What a ledger's header says. */
export interface Ledger {
  /** Id of the task that began last; 0 = none. */
  started: number;
  /** Bytes of whole frames behind the header that may not have been written to the channel. */
  encoded: number;
  /** Raised whenever `encoded` goes back to 0. */
  generation: number;
  /** 0, or the u32 that stands behind the frames as well, once all of the store that wrote both has arrived. */
  seal: number;
}

/**
 * The header's numbers, from its 64 bytes or more; `undefined` where nobody keeps this ledger (no magic), or `encoded` cannot be.
 * The frames may be behind them or not: whoever reads them must see to it that `encoded` is no more than the file has.
 */
export function parseLedger(bytes: Uint8Array): Ledger | undefined {
  if (bytes.length < LEDGER_HEADER_SIZE) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== LEDGER_MAGIC) return undefined;
  const encoded = view.getUint32(LEDGER_OFFSETS.encoded, true);
  if (encoded % 8 !== 0) return undefined; // every frame is a multiple of 8
  const started = view.getUint32(LEDGER_OFFSETS.started, true);
  const generation = view.getUint32(LEDGER_OFFSETS.generation, true);
  return { started, encoded, generation, seal: view.getUint32(LEDGER_OFFSETS.seal, true) };
}
