import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { MapItem, MapOutcome } from './map-item.js';

/** A row of `--results`: one line of JSON for each item that is done. */
export interface ResultRow {
  readonly seq: number;
  /** SHA-256 of the input, in hex. */
  readonly inputHash: string;
  readonly status: 'ok' | 'failed';
  readonly exit: number | string | null;
  readonly ms: number;
  readonly peakMemory: number | null;
  /** Text, or base64 where the reply is no UTF-8; null for a failed item. */
  readonly value: string | { readonly base64: string } | null;
  readonly reason: string | null;
  readonly stderrTail: string;
}

export function hashOf(input: Uint8Array): string {
  return createHash('sha256').update(input).digest('hex');
}

export function toRow({ item, status, exit, ms, peakMemory, value, reason, stderrTail }: MapOutcome): ResultRow {
  return {
    seq: item.sequence,
    inputHash: hashOf(item.input),
    status,
    exit,
    ms: Math.round(ms * 1000) / 1000,
    peakMemory,
    value: value === undefined ? null : textOrBase64(value),
    reason: reason ?? null,
    stderrTail,
  };
}

/** The outcome of an earlier run, for an item that is not run again. */
export function fromRow(row: ResultRow, item: MapItem): MapOutcome {
  const { status, exit, ms, peakMemory, value, reason, stderrTail } = row;
  const bytes =
    value === null ? undefined : typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.base64, 'base64');
  return {
    item,
    status,
    exit,
    ms,
    peakMemory,
    value: bytes,
    reason: reason ?? undefined,
    stderrTail,
    startedAt: 0,
    sent: 0,
  };
}

function textOrBase64(value: Uint8Array): string | { base64: string } {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : { base64: bytes.toString('base64') };
}

/** Appends rows; a row counts when it is on disk. Rows that come while the disk is at work go there together. */
export class ResultsFile {
  readonly #file: FileHandle;
  #rows: string[] = [];
  #next: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** `size`: bytes of whole rows that are there; what follows them is half a row of a run that was killed, and goes. */
  static async open(path: string, size: number): Promise<ResultsFile> {
    const file = await open(path, 'a');
    await file.truncate(size);
    return new ResultsFile(file);
  }

  add(row: ResultRow): Promise<void> {
    this.#rows.push(`${JSON.stringify(row)}\n`);
    this.#next ??= this.#writing.then(() => this.#write());
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#next;
    await this.#writing;
    await this.#file.close();
  }

  #write(): Promise<void> {
    const rows = this.#rows.join('');
    this.#rows = [];
    this.#next = undefined;
    this.#writing = this.#file.appendFile(rows).then(() => this.#file.datasync());
    return this.#writing;
  }
}
