const IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** A writable region; frames begin at multiples of 8, so that their headers are written through `words`. */
export class Slab {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;

  /** `memory`: bytes to allocate (rounded up to a multiple of 8), or a buffer to write into. */
  constructor(memory: number | ArrayBuffer) {
    // The protocol is little-endian and so are all machines that Node has releases for, but one.
    if (!IS_LITTLE_ENDIAN)
      throw new Error('Slab writes headers through a Uint32Array: it needs a little-endian machine');
    const buffer = typeof memory === 'number' ? new ArrayBuffer(Math.ceil(memory / 8) * 8) : memory;
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer, 0, buffer.byteLength >>> 2);
  }
}
