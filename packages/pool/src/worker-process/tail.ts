/** The last `limit` bytes of what is added; adding costs no copy of what is kept. */
export class Tail {
  readonly #limit: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The bytes may be overwritten afterwards. */
  add(bytes: Uint8Array): void {
    const piece = new Uint8Array(bytes.subarray(-this.#limit));
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length > 8 * this.#limit) this.#compact();
  }

  text(): string {
    this.#compact();
    return new TextDecoder().decode(this.#pieces[0]);
  }

  #compact(): void {
    const last = Buffer.concat(this.#pieces).subarray(-this.#limit);
    this.#pieces = [last];
    this.#length = last.length;
  }
}
