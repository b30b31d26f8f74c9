const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NOTHING = new Uint8Array(0);

/** A line without its end; `bytes` are the first of its `size`, all of them unless it is too long. */
export interface Line {
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** Puts one line after the other together from what comes, of each no more than `most` bytes. */
export class LineReader {
  readonly #most: number;
  #held: Uint8Array[] = [];
  #size = 0;
  #kept = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The beginning of a line whose end has not come; undefined where there is none, or too much of it. */
  get rest(): Uint8Array | undefined {
    return this.#size === 0 || this.#size > this.#most ? undefined : Buffer.concat(this.#held);
  }

  /** The line that ends in `bytes`, if one does, and what stands behind it. `bytes` are kept. */
  push(bytes: Uint8Array): { line: Line | undefined; behind: Uint8Array } {
    const newline = bytes.indexOf(NEWLINE);
    if (newline < 0) {
      this.#hold(bytes);
      return { line: undefined, behind: NOTHING };
    }
    this.#hold(bytes.subarray(0, newline));
    const line = { bytes: withoutReturn(this.#whole()), size: this.#size };
    if (line.size <= this.#most) line.size = line.bytes.byteLength;
    this.#held = [];
    this.#size = 0;
    this.#kept = 0;
    return { line, behind: bytes.subarray(newline + 1) };
  }

  #whole(): Uint8Array {
    return this.#held.length === 1 ? (this.#held[0] as Uint8Array) : Buffer.concat(this.#held);
  }

  #hold(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#most - this.#kept);
    if (kept.byteLength > 0) this.#held.push(kept);
    this.#kept += kept.byteLength;
    this.#size += bytes.byteLength;
  }
}

/** Windows ends a line with both. */
function withoutReturn(line: Uint8Array): Uint8Array {
  const ends = process.platform === 'win32' && line.at(-1) === CARRIAGE_RETURN;
  return ends ? line.subarray(0, -1) : line;
}
