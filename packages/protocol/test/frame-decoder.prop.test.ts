import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FrameInput, frameBytes, frameSize, HANDSHAKE_MAX_FRAME, MAX_METADATA } from '../src/index.js';
import { concat, hex, Recorder, type Told } from './recorder.js';

const KEY = 0xc0ffee11;
const MAX_FRAME = 300;
const recorder = (): Recorder => new Recorder({ key: KEY, maxFrame: MAX_FRAME });

const byte = fc.integer({ min: 0, max: 255 });
const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength, size: 'max' });
const frameOf = (id: fc.Arbitrary<number>, body: fc.Arbitrary<Uint8Array>): fc.Arbitrary<FrameInput> =>
  fc.record({ type: byte, flags: byte, encoding: byte, id, metadata: bytes(40), body, key: fc.constant(KEY) });
const anyFrame = frameOf(fc.integer({ min: 0, max: 0xffffffff }), bytes(MAX_FRAME));
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((value) => new TextEncoder().encode(value));

/** Cuts bytes at any places. */
function cutAt(all: Uint8Array, places: number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (all.length + 1)).sort((a, b) => a - b), all.length];
  return sorted.slice(1).map((end, index) => all.slice(sorted[index], end));
}
const places = fc.array(fc.nat(), { maxLength: 30 });

function toldOf(frame: FrameInput): Told {
  const { type, flags = 0, encoding = 0, id, metadata = new Uint8Array(), body = new Uint8Array() } = frame;
  return { event: 'frame', type, flags, encoding, id, metadata: hex(metadata), body: hex(body) };
}

test('frames and the text between them come back whole and in order, however they are cut', () => {
  const part = fc.oneof(
    anyFrame.map((frame) => ({ bytes: frameBytes(frame), told: toldOf(frame) })),
    text.map((stray) => ({ bytes: stray, told: { event: 'stray', bytes: hex(stray), omitted: 0 } as Told })),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), places, (parts, cuts) => {
      const expected: Told[] = [];
      for (const { told } of parts) {
        const last = expected.at(-1);
        if (told.event === 'stray' && last?.event === 'stray') last.bytes += told.bytes;
        else expected.push({ ...told });
      }
      const all = concat(...parts.map((each) => each.bytes));
      expect(
        recorder()
          .push(...cutAt(all, cuts))
          .end(),
      ).toEqual(expected);
    }),
  );
});

/** Bytes made to confuse: pieces of magic, right headers of frames that are not there, frames cut short, noise. */
const garbage = fc
  .array(
    fc.oneof(
      fc.constantFrom([0xf8], [0xf8, 0x4f], [0xf8, 0x4f, 0x53, 0x54]).map((pattern) => Uint8Array.from(pattern)),
      bytes(30),
      anyFrame.map((frame) => frameBytes(frame)),
      fc.tuple(anyFrame, fc.nat(400)).map(([frame, length]) => frameBytes(frame).slice(0, length)),
      anyFrame.map((frame) => frameBytes({ ...frame, key: 1 })),
      fc
        .integer({ min: MAX_FRAME + 1, max: 2_000 })
        .map((size) => frameBytes({ type: 17, id: 1, key: KEY, body: new Uint8Array(size) }).slice(0, 40)),
    ),
    { maxLength: 20 },
  )
  .map((parts) => concat(...parts));

/** Bytes that one event stands for. */
function sizeOf(told: Told): number {
  if (told.event === 'frame') return frameSize(told.metadata.length / 2, told.body.length / 2);
  return told.event === 'stray' ? told.bytes.length / 2 + told.omitted : told.length;
}

test('of garbage every byte is in a frame, in stray bytes or in damage, whatever the chunks, in bounded memory', () => {
  const bound = Math.max(frameSize(MAX_METADATA, MAX_FRAME), frameSize(0, HANDSHAKE_MAX_FRAME));
  fc.assert(
    fc.property(garbage, places, (all, cuts) => {
      const whole = recorder().push(all).end();
      expect(whole.reduce((sum, told) => sum + sizeOf(told), 0)).toBe(all.length);
      const pieces = recorder();
      for (const chunk of cutAt(all, cuts)) {
        pieces.push(chunk);
        expect(pieces.decoder.bufferSize).toBeLessThanOrEqual(bound);
      }
      expect(pieces.end()).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});

test('events tell the bytes in their order: each damage is where the ones before it end', () => {
  fc.assert(
    fc.property(garbage, (all) => {
      let offset = 0;
      for (const told of recorder().push(all).end()) {
        if (told.event === 'damage') expect(told.offset).toBe(offset);
        offset += sizeOf(told);
      }
    }),
  );
});

const payload = fc.uint8Array({ minLength: 1, maxLength: 200, size: 'max' });
const victim = frameOf(fc.integer({ min: 1, max: 0xffffffff }), payload);

test('bytes inserted into a frame behind its header are noticed, and the frame after it is found', () => {
  fc.assert(
    fc.property(victim, text, fc.nat(), places, (frame, inserted, place, cuts) => {
      const written = frameBytes(frame);
      const at = 24 + (place % (written.length - 24 - 8));
      const next = { type: 17, id: 99, key: KEY, body: inserted };
      const all = concat(written.slice(0, at), inserted, written.slice(at), frameBytes(next));
      const told = recorder()
        .push(...cutAt(all, cuts))
        .end();
      expect(told[0]).toMatchObject({ event: 'damage', id: frame.id, offset: 0, length: written.length });
      expect(told.at(-1)).toEqual(toldOf(next));
    }),
  );
});

test('bytes deleted from a frame behind its header are noticed', () => {
  fc.assert(
    fc.property(victim, fc.nat(), fc.nat(), places, (frame, place, count, cuts) => {
      const written = frameBytes(frame);
      const at = 24 + (place % (written.length - 24 - 8));
      const gone = 1 + (count % (written.length - at));
      const all = concat(written.slice(0, at), written.slice(at + gone), frameBytes({ type: 18, id: 98, key: KEY }));
      const told = recorder()
        .push(...cutAt(all, cuts))
        .end();
      expect(told[0]).toMatchObject({ event: 'damage', id: frame.id, offset: 0 });
    }),
  );
});

test('frames of another key are all stray', () => {
  fc.assert(
    fc.property(
      fc.array(anyFrame, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 0xffffffff }),
      (frames, other) => {
        const printed = concat(...frames.map((frame) => frameBytes({ ...frame, key: KEY ^ other })));
        expect(recorder().push(printed).end()).toEqual([{ event: 'stray', bytes: hex(printed), omitted: 0 }]);
      },
    ),
  );
});
