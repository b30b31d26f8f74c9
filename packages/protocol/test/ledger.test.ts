import { expect, test } from 'vitest';
import { LEDGER_HEADER_SIZE, LEDGER_MAGIC, LEDGER_OFFSETS, parseLedger } from '../src/index.js';

function header(words: Partial<Record<number, number>>, size = LEDGER_HEADER_SIZE): Uint8Array {
  const bytes = new Uint8Array(size + 1).subarray(1); // off every alignment, as a piece of a larger buffer may be
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (const [offset, word] of Object.entries(words)) view.setUint32(Number(offset), word as number, true);
  return bytes;
}
const { started, encoded, generation, seal } = LEDGER_OFFSETS;

test('the numbers of a ledger are read, also from its header alone', () => {
  const words = { 0: LEDGER_MAGIC, [started]: 0xfffffffe, [encoded]: 4_096, [generation]: 9, [seal]: 5 };
  expect(parseLedger(header(words))).toEqual({ started: 0xfffffffe, encoded: 4_096, generation: 9, seal: 5 });
});

test('a file that nobody has begun to keep is no ledger', () => {
  expect(parseLedger(header({}))).toBeUndefined();
  expect(parseLedger(header({ 0: LEDGER_MAGIC }).subarray(0, 63))).toBeUndefined();
  expect(parseLedger(new Uint8Array())).toBeUndefined();
});

test('a length that cannot be of whole frames makes it no ledger', () => {
  expect(parseLedger(header({ 0: LEDGER_MAGIC, [encoded]: 12 }))).toBeUndefined();
});
