import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeTaskMetadata,
  encodeTaskMetadata,
  FrameError,
  MAX_METADATA,
  splitBody,
  type TaskMetadata,
} from '../src/index.js';
import { bytesOf, concat } from './recorder.js';

const defaults: TaskMetadata = {
  handler: 'default',
  remainingMs: Infinity,
  attempt: 1,
  tenant: '',
  idempotencyKey: null,
  traceparent: null,
  tracestate: null,
  metadata: {},
};
const field = (tag: number, value: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(tag, 0, value.length & 0xff, value.length >>> 8), value);
const roundTrip = (task: Partial<TaskMetadata>): TaskMetadata =>
  decodeTaskMetadata(encodeTaskMetadata(task) ?? new Uint8Array());

test('a task of defaults has no metadata, and none means the defaults', () => {
  expect(encodeTaskMetadata({})).toBeUndefined();
  expect(encodeTaskMetadata(defaults)).toBeUndefined();
  expect(decodeTaskMetadata(new Uint8Array())).toEqual(defaults);
});

test('defaults are not shared: what a caller does to one changes no other', () => {
  expect(decodeTaskMetadata(new Uint8Array()).metadata).not.toBe(decodeTaskMetadata(new Uint8Array()).metadata);
});

test('all that a task can say comes back', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  const task = fc.record({
    handler: text,
    remainingMs: fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constant(Infinity)),
    attempt: fc.integer({ min: 0, max: 0xffffffff }),
    tenant: text,
    idempotencyKey: fc.option(text),
    traceparent: fc.option(text),
    tracestate: fc.option(text),
    metadata: fc.dictionary(text, text, { noNullPrototype: true, maxKeys: 5 }),
  });
  fc.assert(
    fc.property(task, (each) => {
      expect(roundTrip(each)).toEqual(each);
    }),
  );
});

test('the remaining time is rounded up, never negative, and cut at 49 days', () => {
  expect(roundTrip({ remainingMs: 0.2 }).remainingMs).toBe(1);
  expect(roundTrip({ remainingMs: -5 }).remainingMs).toBe(0);
  expect(roundTrip({ remainingMs: 1e15 }).remainingMs).toBe(0xffffffff);
});

test('numbers that are none are a RangeError', () => {
  expect(() => encodeTaskMetadata({ remainingMs: Number.NaN })).toThrow(RangeError);
  expect(() => encodeTaskMetadata({ attempt: 1.5 })).toThrow(RangeError);
  expect(() => encodeTaskMetadata({ attempt: -1 })).toThrow(RangeError);
});

test('user metadata of other things than strings is a TypeError', () => {
  const metadata = { count: 1 } as unknown as Record<string, string>;
  expect(() => encodeTaskMetadata({ metadata })).toThrow(TypeError);
});

test('metadata may be so long that a split body can still add its total, one byte more is a RangeError', () => {
  const handler = 'x'.repeat(MAX_METADATA - 12);
  const metadata = encodeTaskMetadata({ handler }) as Uint8Array;
  const [first] = splitBody({ type: 16, id: 1, metadata, body: bytesOf('split'), key: 0 }, 4);
  expect(first?.metadata).toHaveLength(MAX_METADATA);
  expect(decodeTaskMetadata(first?.metadata as Uint8Array).handler).toBe(handler);
  expect(() => encodeTaskMetadata({ handler: `${handler}x` })).toThrow('at most 65528 bytes, not 65529');
  expect(() => encodeTaskMetadata({ handler: 'ä'.repeat(40_000) })).toThrow(RangeError);
});

test('fields that are too much together are a RangeError', () => {
  const half = 'x'.repeat(33_000);
  expect(() => encodeTaskMetadata({ handler: half, tenant: half })).toThrow('tenant does not fit');
  expect(() => encodeTaskMetadata({ handler: 'x'.repeat(MAX_METADATA - 8), attempt: 2 })).toThrow(
    'attempt does not fit',
  );
});

test('metadata that runs the code of its owner, which encodes metadata itself, is still right', () => {
  const metadata = {
    get inner(): string {
      encodeTaskMetadata({ handler: 'another', tenant: 'x' });
      return 'value';
    },
  };
  expect(roundTrip({ handler: 'resize', metadata })).toMatchObject({
    handler: 'resize',
    tenant: '',
    metadata: { inner: 'value' },
  });
});

test('fields that are unknown are skipped', () => {
  const metadata = concat(field(77, bytesOf('later')), field(1, bytesOf('resize')), field(255, new Uint8Array()));
  expect(decodeTaskMetadata(metadata)).toEqual({ ...defaults, handler: 'resize' });
});

test('a key of user metadata that is called __proto__ is a key like any other', () => {
  const { metadata } = decodeTaskMetadata(field(8, bytesOf('{"__proto__":"x"}')));
  expect(Object.keys(metadata)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
});

test.each([
  ['a field without a length', Uint8Array.of(1, 0, 5), 'field 1 ends at'],
  [
    'a field longer than the metadata',
    Uint8Array.of(1, 0, 5, 0, 97),
    'field 1 ends at 9, behind the end of the metadata at 5',
  ],
  ['a field that comes twice', concat(field(4, bytesOf('a')), field(4, bytesOf('b'))), 'field 4 comes twice'],
  ['a number of two bytes', field(3, bytesOf('ab')), 'field 3 (attempt) has 2 bytes, expected 4'],
  ['a handler that is no UTF-8', field(1, Uint8Array.of(0xff)), 'field 1 (handler): expected UTF-8'],
  ['user metadata that is no JSON', field(8, bytesOf('{')), 'expected a JSON object of strings, got "{"'],
  ['user metadata that is a list', field(8, bytesOf('["a"]')), 'expected a JSON object of strings'],
  ['user metadata with a number', field(8, bytesOf('{"a":1}')), 'expected a JSON object of strings'],
])('%s is a FrameError', (_, metadata, message) => {
  expect(() => decodeTaskMetadata(metadata)).toThrow(FrameError);
  expect(() => decodeTaskMetadata(metadata)).toThrow(message);
});

test('any bytes are metadata or a FrameError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (metadata) => {
      try {
        decodeTaskMetadata(metadata);
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError);
      }
    }),
  );
});
