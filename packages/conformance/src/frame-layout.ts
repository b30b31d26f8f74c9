import { expectThat, toHex } from './violation.js';

const MAGIC = 0x54534ff8;

/**
 * Walks over bytes that must be frames and nothing else, and checks every field that a decoder may be lenient about.
 * Deliberately not built on @ostler/protocol. `keyOf` tells the key of the frame with that index. Gives the count.
 */
export function checkLayout(bytes: Uint8Array, keyOf: (index: number) => number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  let index = 0;
  for (; position < bytes.length; index += 1) {
    const at = `of frame ${index}, which is ${toHex(bytes.subarray(position, position + 64), 64)}`;
    expectThat(bytes.length - position >= 32, `at least 32 bytes ${at}`, `${bytes.length - position}`);
    const word = (offset: number) => view.getUint32(position + offset, true);
    expectWord(word(0), MAGIC, `the magic ${at}`);
    expectWord(bytes[position + 7] ?? -1, 0, `the reserved byte ${at}`);
    const length = word(12) + word(16);
    expectWord(word(20), (keyOf(index) ^ word(4) ^ word(8) ^ word(12) ^ word(16)) >>> 0, `the check ${at}`);
    const end = 24 + length;
    const trailer = (end + 7) & ~7;
    expectThat(position + trailer + 8 <= bytes.length, `${trailer + 8} bytes ${at}`, `${bytes.length - position}`);
    const padding = bytes.subarray(position + end, position + trailer);
    expectThat(
      padding.every((byte) => byte === 0),
      `zero bytes as the padding ${at}`,
      toHex(padding, 8),
    );
    expectWord(word(trailer), word(8), `the id in the trailer ${at}`);
    expectWord(word(trailer + 4), length, `the length in the trailer ${at}`);
    position += trailer + 8;
  }
  return index;
}

function expectWord(got: number, expected: number, what: string): void {
  expectThat(got === expected, `0x${expected.toString(16)} as ${what}`, `0x${got.toString(16)}`);
}
