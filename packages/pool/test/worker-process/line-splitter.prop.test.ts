import fc from 'fast-check';
import { expect, test } from 'vitest';
import { split } from './split.js';

test('any chunking gives the same lines', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 }).map((some) => `${some}\nä🐎\r\n${some}`);
  fc.assert(
    fc.property(text, fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (whole, sizes) => {
      const bytes = Buffer.from(whole);
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value as number;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      expect(split(...chunks)).toEqual(split(bytes));
    }),
  );
});
