import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, FrameDecoder, frameBytes, frameSize, HANDSHAKE_MAX_FRAME, MAX_METADATA } from '../src/index.js';
import { countOperations } from './count-operations.js';
import { bytesOf, concat, cut, hex, Recorder, textOf } from './recorder.js';

const KEY = 0x12345678;
const result = (id: number, body = `body of ${id}`): Uint8Array =>
  frameBytes({ type: 17, id, key: KEY, body: bytesOf(body) });
const recorder = (maxFrame = 1 << 20): Recorder => new Recorder({ key: KEY, maxFrame });
const ids = (told: Recorder['told']): number[] => told.flatMap((each) => (each.event === 'frame' ? [each.id] : []));

test('views are plain Uint8Arrays on the bytes that were pushed, also on those of a Buffer', () => {
  const chunk = Buffer.concat([bytesOf('odd'), result(1)]).subarray(3);
  const seen: Frame[] = [];
  const sink = { onFrame: (frame: Frame) => void seen.push({ ...frame }), onStray() {}, onDamage() {} };
  new FrameDecoder(sink, { key: KEY }).push(chunk);
  expect(seen[0]?.body.constructor).toBe(Uint8Array);
  expect(seen[0]?.body.buffer).toBe(chunk.buffer);
  expect(textOf(seen[0]?.body as Uint8Array)).toBe('body of 1');
});

test('the frame object is used again for the next frame, and forgets the bytes when the chunk is done', () => {
  const seen: Frame[] = [];
  const sink = { onFrame: (frame: Frame) => void seen.push(frame), onStray() {}, onDamage() {} };
  new FrameDecoder(sink, { key: KEY }).push(concat(result(1), result(2)));
  expect(seen[0]).toBe(seen[1]);
  expect(seen[0]?.body).toHaveLength(0);
});

test('a key that changes in onFrame holds for the next frame of the same chunk', () => {
  const recorder = new Recorder();
  recorder.onFrame = () => {
    recorder.decoder.key = KEY;
  };
  const welcome = frameBytes({ type: 2, id: 0, key: 0 });
  expect(ids(recorder.push(concat(welcome, result(5))).end())).toEqual([0, 5]);
});

test('a limit that changes in onFrame holds for the next frame of the same chunk', () => {
  const limited = recorder(16);
  limited.onFrame = () => {
    limited.decoder.maxFrame = 64;
  };
  const large = result(2, 'x'.repeat(64));
  expect(ids(limited.push(large, concat(result(1), large)).end())).toEqual([1, 2]);
});

test('a frame under the key of another conversation is stray', () => {
  const other = frameBytes({ type: 17, id: 1, key: KEY + 1, body: bytesOf('printed') });
  const told = recorder()
    .push(concat(result(1), other, result(2)))
    .end();
  expect(told.map((each) => each.event)).toEqual(['frame', 'stray', 'frame']);
  expect(told[1]).toEqual({ event: 'stray', bytes: hex(other), omitted: 0 });
});

test('a body of exactly the limit is a frame, one byte more is stray and never allocated', () => {
  const limited = recorder(100);
  const over = frameBytes({ type: 17, id: 2, key: KEY, body: new Uint8Array(101) });
  limited.push(frameBytes({ type: 17, id: 1, key: KEY, body: new Uint8Array(100) }), over.subarray(0, 24));
  expect(ids(limited.told)).toEqual([1]);
  expect(limited.decoder.bufferSize).toBe(0);
  expect(limited.told.at(-1)).toEqual({ event: 'stray', bytes: hex(over.subarray(0, 24)), omitted: 0 });
});

test('a header alone that announces 4 GiB allocates nothing', () => {
  const words = [0x54534ff8, 17, 1, 0, 0xffffffff, KEY ^ 17 ^ 1 ^ 0xffffffff];
  const header = new Uint8Array(Uint32Array.from(words).buffer);
  const limited = recorder().push(...cut(header, 5));
  expect(limited.decoder.bufferSize).toBeLessThanOrEqual(4_096);
  expect(limited.end()).toEqual([{ event: 'stray', bytes: hex(header), omitted: 0 }]);
});

test('a large frame in many chunks is collected in one buffer that is given back', () => {
  const large = frameBytes({ type: 17, id: 1, key: KEY, body: new Uint8Array(3 << 20).fill(7) });
  const big = recorder(4 << 20);
  const chunks = cut(large, 65_536);
  big.push(...chunks.slice(0, -1));
  expect(big.decoder.bufferSize).toBe(large.length);
  big.push(...chunks.slice(-1));
  expect(ids(big.told)).toEqual([1]);
  expect(big.decoder.bufferSize).toBe(0);
});

test('text before, between and behind frames is given back as it was', () => {
  const told = recorder()
    .push(concat(bytesOf('hello\n'), result(1), bytesOf('größe\n'), result(2), bytesOf('bye')))
    .end();
  const texts = told.map((each) => (each.event === 'stray' ? Buffer.from(each.bytes, 'hex').toString() : each.event));
  expect(texts).toEqual(['hello\n', 'frame', 'größe\n', 'frame', 'bye']);
});

test('text is told at once, not when the next frame comes', () => {
  expect(recorder().push(bytesOf('a'), bytesOf('b')).told).toEqual([{ event: 'stray', bytes: '6162', omitted: 0 }]);
});

test('bytes that only look like a frame at first are told as soon as they do not', () => {
  const told = recorder().push(Uint8Array.of(0x61, 0xf8), Uint8Array.of(0x4f), Uint8Array.of(0x62)).told;
  expect(told).toEqual([{ event: 'stray', bytes: '61f84f62', omitted: 0 }]);
});

test('of more than 64 KiB of stray bytes in one piece the rest is counted', () => {
  const told = recorder()
    .push(concat(new Uint8Array(100_000).fill(0x61), result(1)))
    .end();
  expect(told[0]).toEqual({ event: 'stray', bytes: '61'.repeat(65_536), omitted: 100_000 - 65_536 });
  expect(ids(told)).toEqual([1]);
});

test('a chunk of bytes that all may begin a frame is told in one piece, also when the one before ended with such a byte', () => {
  let calls = 0;
  const decoder = new FrameDecoder({ onFrame() {}, onStray: () => (calls += 1), onDamage() {} });
  for (let chunk = 0; chunk < 5; chunk += 1) decoder.push(new Uint8Array(1_000).fill(0xf8));
  expect(calls).toBeLessThanOrEqual(10);
});

test('a frame with bytes inserted is damage with its id, place, length and last bytes', () => {
  const good = result(1);
  const bad = result(2, 'x'.repeat(200));
  const damaged = concat(good, bad.subarray(0, 40), bytesOf('printed'), bad.subarray(40));
  for (const size of [damaged.length, 13]) {
    const told = recorder().push(...cut(damaged, size));
    expect(told.damages).toHaveLength(1);
    expect(told.damages[0]).toMatchObject({ id: 2, offset: good.length, length: bad.length });
    expect(hex(told.damages[0]?.excerpt as Uint8Array)).toBe(
      hex(damaged.subarray(good.length + bad.length - 64, good.length + bad.length)),
    );
    expect(told.damages[0]?.reason).toBe('its end is not where its header says: bytes got into it, or got lost');
  }
});

test('the excerpt of a damage stays what it was when the chunk is used again', () => {
  const bad = result(2);
  bad[bad.length - 1] = 1;
  const told = recorder().push(bad);
  bad.fill(0);
  expect(told.damages[0]?.excerpt.some((byte) => byte !== 0)).toBe(true);
});

test('a frame that ends too early is damage at the end', () => {
  const told = recorder().push(result(1), result(2).subarray(0, 30));
  told.end();
  expect(told.damages).toHaveLength(1);
  expect(told.damages[0]).toMatchObject({
    id: 2,
    offset: 48,
    length: 30,
    reason: 'the channel ended in the middle of it',
  });
});

test('a header that ends too early is stray at the end', () => {
  const header = result(2).subarray(0, 23);
  expect(recorder().push(header).end()).toEqual([{ event: 'stray', bytes: hex(header), omitted: 0 }]);
});

test('an end without anything held tells nothing, also when it is said twice', () => {
  const told = recorder().push(result(1));
  told.end();
  expect(told.end()).toHaveLength(1);
});

test('empty chunks change nothing', () => {
  const bytes = result(1);
  expect(
    ids(recorder().push(new Uint8Array(), bytes.subarray(0, 9), new Uint8Array(), bytes.subarray(9)).end()),
  ).toEqual([1]);
});

const MAGIC_BYTES = [0xf8, 0x4f, 0x53, 0x54];
const repeated = (pattern: number[], size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => pattern[at % pattern.length] as number);
const floods: [string, (size: number) => Uint8Array][] = [
  ['the first byte of the magic', (size) => repeated([0xf8], size)],
  ['whole magics', (size) => repeated(MAGIC_BYTES, size)],
  ['magics that break off', (size) => repeated([0xf8, 0x4f, 0x53], size)],
  ['headers with a wrong check', (size) => repeated([...result(1).subarray(0, 20), 0, 0, 0, 1], size)],
  [
    'headers over the limit',
    (size) =>
      repeated([...frameBytes({ type: 17, id: 1, key: KEY, body: new Uint8Array(2_048) }).subarray(0, 24)], size),
  ],
  ['headers of frames that are damaged', (size) => repeated([...result(1, 'x'.repeat(500)).subarray(0, 24)], size)],
];

test.each(floods)('a flood of %s costs work in proportion to its bytes', (_, flood) => {
  const work = (size: number, chunk: number): number => {
    const chunks = cut(flood(size), chunk);
    return countOperations(
      () =>
        void recorder(1_024)
          .push(...chunks)
          .end(),
    );
  };
  for (const chunk of [1, 1_000, Infinity]) {
    const small = work(8_000, Math.min(chunk, 8_000));
    const large = work(32_000, Math.min(chunk, 32_000));
    expect(large / small, `4 times the bytes, chunks of ${chunk}`).toBeLessThan(4.5);
    expect(large / 32_000, `operations a byte, chunks of ${chunk}`).toBeLessThan(25);
  }
});

test('what is held never grows beyond the largest frame', () => {
  const bound = Math.max(frameSize(MAX_METADATA, 1_024), frameSize(0, HANDSHAKE_MAX_FRAME));
  for (const [, flood] of floods) {
    const flooded = recorder(1_024);
    for (const chunk of cut(flood(300_000), 777)) {
      flooded.push(chunk);
      expect(flooded.decoder.bufferSize).toBeLessThanOrEqual(bound);
    }
  }
});

test('a body that is asked for as its own stays as it is, whatever comes behind it', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { maxLength: 8 }), fc.integer({ min: 1, max: 9_000 }), (sizes, chunk) => {
      const owned: Uint8Array[] = [];
      const sink = { onFrame: () => void owned.push(decoder.ownBody()), onStray() {}, onDamage() {} };
      const decoder: FrameDecoder = new FrameDecoder(sink, { key: KEY });
      const bodies = sizes.map((size, index) => new Uint8Array(size).fill(index + 1));
      const stream = concat(...bodies.map((body, index) => frameBytes({ type: 17, id: index + 1, key: KEY, body })));
      for (const piece of cut(stream, chunk)) {
        decoder.push(piece);
        piece.fill(0); // as a buffer that is read into again
      }
      expect(owned.every((body, index) => Buffer.compare(body, bodies[index] as Uint8Array) === 0)).toBe(true);
      expect(owned).toHaveLength(bodies.length);
    }),
  );
});

test('a large body that came in several chunks is not copied to be owned', () => {
  const memories = new Set<ArrayBufferLike>();
  const sink = {
    onFrame({ body }: Frame) {
      memories.add(body.buffer);
      expect(decoder.ownBody()).toBe(body);
    },
    onStray() {},
    onDamage() {},
  };
  const decoder: FrameDecoder = new FrameDecoder(sink, { key: KEY });
  const large = result(1, 'x'.repeat(100_000));
  for (const piece of [large.subarray(0, 60_000), large.subarray(60_000)]) decoder.push(piece);
  for (const piece of [large.subarray(0, 60_000), large.subarray(60_000)]) decoder.push(piece);
  expect(memories.size).toBe(2);
});
