import { once } from 'node:events';
import type { MapOutcome } from './map-item.js';

const NEWLINE = Buffer.from('\n');
const TAB = Buffer.from('\t');
const SHOWN = 20;
const MIB = 2 ** 20;

export interface OutputOptions {
  readonly tag: boolean;
  readonly onFail: 'empty' | 'skip';
}

/** The lines that an outcome prints: its reply, or an empty line in the place of one that failed. */
export function linesOf({ item, status, value }: MapOutcome, { tag, onFail }: OutputOptions): Uint8Array {
  if (status === 'failed' && onFail === 'skip') return new Uint8Array(0);
  const reply = Buffer.from(value ?? []);
  const text = reply.at(-1) === NEWLINE[0] ? reply.subarray(0, -1) : reply;
  if (!tag) return Buffer.concat([text, NEWLINE]);
  const prefix = Buffer.concat([item.input, TAB]);
  const lines: Uint8Array[] = [];
  for (let start = 0; start <= text.byteLength; ) {
    const end = text.indexOf(NEWLINE, start);
    const stop = end < 0 ? text.byteLength : end;
    lines.push(prefix, text.subarray(start, stop), NEWLINE);
    start = stop + 1;
  }
  return Buffer.concat(lines);
}

/** Writes to stdout as fast as somebody reads; where nobody reads any more, `isClosed`. */
export class MapOutput {
  isClosed = false;
  readonly #closed: Promise<void>;

  constructor(onClosed: () => void) {
    this.#closed = new Promise((resolve) => {
      process.stdout.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
        this.isClosed = true;
        resolve();
        onClosed();
      });
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.isClosed || bytes.byteLength === 0 || process.stdout.write(bytes)) return;
    await Promise.race([once(process.stdout, 'drain'), this.#closed]);
  }
}

/** The failures, the first twenty in full. */
export class FailureList {
  readonly #first: MapOutcome[] = [];
  count = 0;

  add(outcome: MapOutcome): void {
    this.count++;
    if (this.#first.length < SHOWN) this.#first.push(outcome);
  }

  /** Several lines, or '' where nothing failed. */
  toString(): string {
    if (this.count === 0) return '';
    const head = `${this.count} failed:`;
    const lines = this.#first.map(({ item, reason, peakMemory }) => {
      const input = JSON.stringify(cutShort(Buffer.from(item.input).toString()));
      const memory = peakMemory === null ? '' : ` (peak memory ${(peakMemory / MIB).toFixed(1)} MiB)`;
      return `  ${item.sequence}  ${input}  ${reason}${memory}`;
    });
    const rest = this.count - this.#first.length;
    return [head, ...lines, ...(rest > 0 ? [`  … and ${rest} more`] : []), ''].join('\n');
  }
}

function cutShort(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
