/** A longer line is cut, in bytes: what a worker prints must not decide how much memory we use. */
const MAX_LINE = 65_536;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const decoder = new TextDecoder(); // bytes that are no UTF-8 become U+FFFD

/** Cuts a stream of bytes into lines, without their line ends. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  /** The beginning of a line whose end has not come. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** `bytes` are not kept. */
  push(bytes: Uint8Array): void {
    let start = 0;
    while (start < bytes.byteLength) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.byteLength : newline;
      const most = start + MAX_LINE - this.#heldBytes;
      if (end > most) {
        start = this.#cut(bytes, start, most);
      } else if (newline < 0) {
        this.#hold(bytes.slice(start));
        return;
      } else {
        this.#emit(bytes.subarray(start, newline));
        start = newline + 1;
      }
    }
  }

  /** The end of the stream: an unfinished line is one as well. */
  end(): void {
    if (this.#heldBytes > 0) this.#emit(new Uint8Array(0));
  }

  /** Ends a line that is too long, at `most` or up to three bytes before: not within a character. Returns where the next begins. */
  #cut(bytes: Uint8Array, start: number, most: number): number {
    let end = most;
    while (end > start && most - end < 3 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
    this.#emit(bytes.subarray(start, end));
    return end;
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.byteLength;
  }

  #emit(rest: Uint8Array): void {
    let line = rest;
    if (this.#heldBytes > 0) {
      line = Buffer.concat([...this.#held, rest]);
      this.#held = [];
      this.#heldBytes = 0;
    }
    const end = line.at(-1) === CARRIAGE_RETURN ? line.byteLength - 1 : line.byteLength;
    this.#onLine(decoder.decode(line.subarray(0, end)));
  }
}
