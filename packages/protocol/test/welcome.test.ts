import { expect, test } from 'vitest';
import {
  decodeCredit,
  decodeWelcome,
  encodeCredit,
  encodeWelcome,
  FieldTag,
  FrameError,
  type Welcome,
} from '../src/index.js';

const welcome: Welcome = {
  version: 1,
  key: 0xfedcba98,
  maxBody: 67_108_864,
  maxFrame: 1_048_576,
  slot: 3,
  workerId: 41,
  ledgerSize: 262_144,
  poolName: 'größe',
  concurrency: 8,
};

/** Metadata without one of its fields. */
function without(metadata: Uint8Array, tag: number): Uint8Array {
  const kept: number[] = [];
  for (let at = 0; at < metadata.length; ) {
    const size = 4 + (metadata[at + 2] as number) + 256 * (metadata[at + 3] as number);
    if (metadata[at] !== tag) kept.push(...metadata.subarray(at, at + size));
    at += size;
  }
  return Uint8Array.from(kept);
}

test('all that a WELCOME says comes back', () => {
  expect(decodeWelcome(encodeWelcome(welcome))).toEqual(welcome);
});

test('no ledger and a concurrency of 1 are not written, and come back', () => {
  const plain = { ...welcome, ledgerSize: 0, concurrency: 1 };
  expect(encodeWelcome(plain).length).toBe(encodeWelcome(welcome).length - 16);
  expect(decodeWelcome(encodeWelcome(plain))).toEqual(plain);
});

test.each(['key', 'maxBody', 'maxFrame', 'slot', 'workerId', 'version'] as const)(
  'a WELCOME without %s is a FrameError',
  (name) => {
    const metadata = without(encodeWelcome(welcome), FieldTag[name]);
    expect(() => decodeWelcome(metadata)).toThrow(FrameError);
    expect(() => decodeWelcome(metadata)).toThrow(`field ${FieldTag[name]} (${name}) is missing`);
  },
);

test('a WELCOME without a pool name has an empty one', () => {
  expect(decodeWelcome(without(encodeWelcome(welcome), FieldTag.poolName)).poolName).toBe('');
});

test('a limit that 32 bits cannot hold is a RangeError that names it', () => {
  expect(() => encodeWelcome({ ...welcome, maxBody: 2 ** 32 })).toThrow(
    'maxBody: expected an unsigned 32-bit number, got 4294967296',
  );
});

test('credit comes back, and must be there', () => {
  expect(decodeCredit(encodeCredit(0xffffffff))).toBe(0xffffffff);
  expect(() => decodeCredit(new Uint8Array())).toThrow(FrameError);
});
