import { expect, test } from 'vitest';
import { encodeFrame, encodeHeader, encodeTrailer, frameBytes, frameSize, MAX_METADATA, Slab } from '../src/index.js';
import { bytesOf, hex } from './recorder.js';

const frame = { type: 17, flags: 4, encoding: 1, id: 7, key: 0xdeadbeef };

test('an empty frame has 32 bytes', () => {
  expect(frameBytes(frame)).toHaveLength(32);
  expect(frameSize(0, 0)).toBe(32);
});

test('every frame is a multiple of 8 with room for all that is in it', () => {
  for (let body = 0; body <= 17; body += 1) {
    for (let metadata = 0; metadata <= 9; metadata += 1) {
      const size = frameSize(metadata, body);
      expect(size % 8).toBe(0);
      expect(size - 32).toBeGreaterThanOrEqual(metadata + body);
      expect(size - 32).toBeLessThan(metadata + body + 8);
    }
  }
});

test('the sizes of frames of more than 2 GiB do not overflow', () => {
  expect(frameSize(65_536, 3_000_000_001)).toBe(24 + 65_536 + 3_000_000_008 + 8);
});

test('a frame is the bytes of the layout table', () => {
  const bytes = frameBytes({
    ...frame,
    id: 0x04030201,
    metadata: Uint8Array.of(0xaa),
    body: Uint8Array.of(0xbb, 0xcc),
  });
  const check = (0xdeadbeef ^ 0x00010411 ^ 0x04030201 ^ 1 ^ 2) >>> 0;
  const checkBytes = [0, 8, 16, 24].map((shift) => (check >>> shift) & 0xff);
  expect([...bytes]).toEqual([
    ...[0xf8, 0x4f, 0x53, 0x54, 17, 4, 1, 0],
    ...[1, 2, 3, 4, 1, 0, 0, 0],
    ...[2, 0, 0, 0, ...checkBytes],
    ...[0xaa, 0xbb, 0xcc, 0, 0, 0, 0, 0],
    ...[1, 2, 3, 4, 3, 0, 0, 0],
  ]);
});

test('frames lie one behind the other in a slab, whatever was there before', () => {
  const slab = new Slab(256);
  slab.bytes.fill(0xee);
  const first = encodeFrame(slab, 0, { ...frame, body: bytesOf('one') });
  const second = encodeFrame(slab, first, { ...frame, id: 8, metadata: bytesOf('meta'), body: bytesOf('body') });
  const third = encodeFrame(slab, second, { ...frame, id: 9 });
  const parts = [
    frameBytes({ ...frame, body: bytesOf('one') }),
    frameBytes({ ...frame, id: 8, metadata: bytesOf('meta'), body: bytesOf('body') }),
    frameBytes({ ...frame, id: 9 }),
  ];
  expect(hex(slab.bytes.subarray(0, third))).toBe(parts.map(hex).join(''));
  expect(slab.bytes[third]).toBe(0xee);
});

test('a header and a trailer written alone make the same frame as one written whole', () => {
  const body = bytesOf('written in place');
  const head = { ...frame, metadataLength: 0, bodyLength: body.length };
  const slab = new Slab(frameSize(0, body.length));
  encodeHeader(slab, 0, head);
  slab.bytes.set(body, 24);
  encodeTrailer(slab, 24 + body.length, head);
  expect(hex(slab.bytes)).toBe(hex(frameBytes({ ...frame, body })));
});

test('a slab can lie over memory that is there already', () => {
  const buffer = new ArrayBuffer(64);
  encodeFrame(new Slab(buffer), 32, frame);
  expect(hex(new Uint8Array(buffer, 32))).toBe(hex(frameBytes(frame)));
});

test('a slab of an odd size is rounded up to a multiple of 8', () => {
  expect(new Slab(33).bytes).toHaveLength(40);
});

test('what does not fit is a RangeError, and nothing is written', () => {
  const slab = new Slab(64);
  expect(() => encodeFrame(slab, 40, frame)).toThrow(RangeError);
  expect(() => encodeFrame(slab, 0, { ...frame, body: new Uint8Array(40) })).toThrow(RangeError);
  expect(() => encodeHeader(slab, 48, { ...frame, metadataLength: 0, bodyLength: 0 })).toThrow(RangeError);
  expect(() => encodeTrailer(slab, 64, { ...frame, metadataLength: 0, bodyLength: 0 })).toThrow(RangeError);
  expect(slab.bytes.every((byte) => byte === 0)).toBe(true);
});

test('a frame off a multiple of 8 is a RangeError', () => {
  expect(() => encodeFrame(new Slab(64), 4, frame)).toThrow('a frame begins at a multiple of 8, not at 4');
});

test('metadata beyond its limit is a RangeError', () => {
  expect(() => frameBytes({ ...frame, metadata: new Uint8Array(MAX_METADATA + 1) })).toThrow(RangeError);
  expect(frameBytes({ ...frame, metadata: new Uint8Array(MAX_METADATA) })).toHaveLength(32 + MAX_METADATA);
});
