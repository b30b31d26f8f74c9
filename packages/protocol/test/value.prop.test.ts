import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeValue, encodeValue, FrameError } from '../src/index.js';

const key = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('', '/', '~', '~1', '0', '__proto__', 'constructor', 'length'),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

test('every value comes back, with its bytes in their places', () => {
  fc.assert(
    fc.property(value, (each) => {
      const { encoding, body } = encodeValue(each);
      expect(decodeValue(encoding, body)).toEqual(each);
    }),
    { numRuns: 500 },
  );
});

/** Runs `decode` and lets only a FrameError pass. */
function decodesOrRefuses(body: Uint8Array): void {
  try {
    decodeValue(2, body);
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError);
  }
}

test('any bytes are a value with attachments or a FrameError', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), decodesOrRefuses));
});

test('a good body with some bytes changed is a value or a FrameError, and changes no prototype', () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      value,
      fc.uint8Array({ maxLength: 9 }),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (each, bytes, changes) => {
        const { body } = encodeValue({ __proto__: null, bytes, each });
        for (const [place, byte] of changes) body[place % body.length] = byte;
        decodesOrRefuses(body);
        expect(Object.keys(Object.prototype)).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

test('a table of any numbers is a value or a FrameError', () => {
  const u32 = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 0xffffffff }));
  fc.assert(
    fc.property(fc.array(u32, { minLength: 2, maxLength: 10 }), fc.string({ maxLength: 30 }), (numbers, rest) => {
      const body = Buffer.concat([Buffer.from(Uint32Array.from(numbers).buffer), Buffer.from(rest)]);
      decodesOrRefuses(new Uint8Array(body));
    }),
  );
});
