import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { UsageError } from '../usage-error.js';
import type { MapItem, MapOutcome } from './map-item.js';
import { fromRow, hashOf, type ResultRow } from './results-file.js';

/** What an earlier run has done, by its `--results`. */
export class EarlierResults {
  readonly #rows: ReadonlyMap<number, ResultRow>;
  readonly #path: string;
  /** Bytes of its whole rows. */
  readonly size: number;

  private constructor(path: string, rows: ReadonlyMap<number, ResultRow>, size: number) {
    this.#path = path;
    this.#rows = rows;
    this.size = size;
  }

  /** Nothing where there is no file; a UsageError for a row that is none. */
  static async read(path: string): Promise<EarlierResults> {
    const rows = new Map<number, ResultRow>();
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new UsageError(`--results: ${error.message}`);
    });
    if (found === undefined) return new EarlierResults(path, rows, 0);
    let size = 0;
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      number++;
      const end = size + Buffer.byteLength(line) + 1;
      if (end > found.size) break; // its end is missing: the run was killed while it wrote
      const row = parseRow(line);
      if (row === undefined) throw new UsageError(`--results: line ${number} of ${path} is no row of ostler map`);
      rows.set(row.seq, row);
      size = end;
    }
    return new EarlierResults(path, rows, size);
  }

  /** The outcome that an item had, or undefined; a UsageError where its input was another one. */
  of(item: MapItem, again: 'none' | 'failed'): MapOutcome | undefined {
    const row = this.#rows.get(item.sequence);
    if (row === undefined) return undefined;
    if (row.inputHash !== hashOf(item.input)) {
      const place = `input ${item.sequence} is not the one of the earlier run`;
      throw new UsageError(`--resume: ${place} (${this.#path} has another hash for it); nothing more was run`);
    }
    return again === 'failed' && row.status === 'failed' ? undefined : fromRow(row, item);
  }
}

function parseRow(line: string): ResultRow | undefined {
  try {
    const row = JSON.parse(line) as Partial<ResultRow> | null;
    const fits = Number.isSafeInteger(row?.seq) && typeof row?.inputHash === 'string';
    return fits && (row?.status === 'ok' || row?.status === 'failed') ? (row as ResultRow) : undefined;
  } catch {
    return undefined;
  }
}
