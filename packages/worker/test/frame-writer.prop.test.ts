import { BodyAssembler, FrameDecoder, FrameType } from '@ostler/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameWriter } from '../src/frame-writer.js';

const KEY = 0x80000001;

test('a body of any size is read back as it was written, whatever the frame limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 1_000, max: 150_000 }), (size, maxFrame) => {
      const body = Buffer.alloc(size, 'some bytes that repeat at a length of their own');
      const bytes: Uint8Array[] = [];
      const writer = new FrameWriter({ write: (part, length) => bytes.push(part.slice(0, length)) });
      writer.key = KEY;
      writer.maxFrame = maxFrame;
      writer.write({ type: FrameType.result, id: 9, encoding: 1, body });
      writer.write({ type: FrameType.ready, id: 0 });
      expect(read(Buffer.concat(bytes), maxFrame)).toEqual([
        { type: FrameType.result, id: 9, encoding: 1, body: body.toString('latin1') },
        { type: FrameType.ready, id: 0, encoding: 0, body: '' },
      ]);
    }),
    { numRuns: 200 },
  );
});

test('frames that are written together arrive as if each had been written alone', () => {
  const sizes = fc.array(fc.oneof(fc.nat(100), fc.nat(70_000)), { maxLength: 300 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const parts: Uint8Array[] = [];
      const writer = new FrameWriter({ write: (part, length) => parts.push(part.slice(0, length)) });
      writer.key = KEY;
      const log = (size: number) => writer.write({ type: FrameType.log, id: 1, body: Buffer.alloc(size, 'x') });
      writer.together(() => lengths.forEach(log));
      const together = Buffer.concat(parts.splice(0));
      lengths.forEach(log);
      expect(together.equals(Buffer.concat(parts))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('what was written before an error in the middle is out', () => {
  const parts: number[] = [];
  const writer = new FrameWriter({ write: (_, length) => parts.push(length) });
  const act = () =>
    writer.together(() => {
      writer.write({ type: FrameType.pong, id: 1 });
      writer.write({ type: FrameType.pong, id: 2 });
      throw new Error('in the middle');
    });
  expect(act).toThrow('in the middle');
  expect(parts).toEqual([64]);
});

function read(bytes: Uint8Array, maxFrame: number) {
  const bodies = new BodyAssembler(1 << 20);
  const frames: unknown[] = [];
  const decoder = new FrameDecoder(
    {
      onFrame(frame) {
        const whole = bodies.push(frame);
        if (whole === undefined) return;
        const { type, id, encoding, body } = whole;
        frames.push({ type, id, encoding, body: Buffer.from(body).toString('latin1') });
      },
      onStray: (stray) => frames.push(stray),
      onDamage: (damage) => frames.push(damage),
    },
    { key: KEY, maxFrame },
  );
  decoder.push(bytes);
  decoder.end();
  return frames;
}
