import { Flag, FrameType, frameBytes } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import { KEY, SlowPipe, task } from './slow-pipe.js';

const text = new TextEncoder();

describe('small tasks', () => {
  test('of one turn go out in one write', () => {
    const pipe = new SlowPipe();
    for (let id = 1; id <= 100; id++) pipe.writer.send(task(id, 'x'.repeat(100)));
    expect(pipe.writes).toBe(0);
    pipe.turn();
    expect(pipe.writes).toBe(1);
    expect(pipe.writer.hasUnsent(50)).toBe(true);
    pipe.takeAll();
    expect(pipe.ids).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(pipe.writer.hasUnsent(50)).toBe(false);
    expect(pipe.writer.bytesUnsent).toBe(0);
  });

  test('keep their metadata, encoding and flags, as bytes and as text', () => {
    const pipe = new SlowPipe();
    const metadata = new Uint8Array([1, 0, 3, 0, 65, 66, 67]);
    pipe.writer.send(task(1, new Uint8Array([9, 8, 7]), { metadata, encoding: 2, stream: true }));
    pipe.writer.send(task(2, 'né 🐎', { metadata, encoding: 1, stream: true }));
    pipe.writer.send(task(3, ''));
    pipe.takeAll();
    const common = { type: FrameType.task, flags: Flag.stream, metadata };
    expect(pipe.frames).toEqual([
      { ...common, id: 1, encoding: 2, body: new Uint8Array([9, 8, 7]) },
      { ...common, id: 2, encoding: 1, body: text.encode('né 🐎') },
      { ...common, id: 3, encoding: 0, flags: 0, metadata: new Uint8Array(0), body: new Uint8Array(0) },
    ]);
  });

  test('wait as they are, uncopied, while the system takes nothing', () => {
    const pipe = new SlowPipe();
    const body = new Uint8Array(10_000);
    for (let id = 1; id <= 1_000; id++) {
      pipe.writer.send(task(id, body));
      pipe.turn();
    }
    expect(pipe.pending).toBeLessThanOrEqual(2 * 262_144);
    expect(pipe.writer.bytesUnsent).toBeGreaterThan(9_900_000);
    expect(pipe.writer.hasUnsent(1_000)).toBe(true);
    pipe.takeAll();
    expect(pipe.ids).toHaveLength(1_000);
    expect(pipe.writer.bytesUnsent).toBe(0);
  });

  test('can be taken back as long as they wait', () => {
    const pipe = new SlowPipe();
    for (let id = 1; id <= 100; id++) pipe.writer.send(task(id, new Uint8Array(10_000)));
    expect(pipe.writer.takeBack(1)).toBe(false);
    expect(pipe.writer.takeBack(100)).toBe(true);
    expect(pipe.writer.takeBack(100)).toBe(false);
    pipe.takeAll();
    expect(pipe.ids).toEqual(Array.from({ length: 99 }, (_, i) => i + 1));
    expect(pipe.writer.bytesUnsent).toBe(0);
  });
});

describe('big tasks', () => {
  const big = new Uint8Array(2_000_000).map((_, i) => i % 251);

  test('are not copied', () => {
    const pipe = new SlowPipe();
    pipe.writer.send(task(1, big.subarray(0, 70_000)));
    pipe.turn();
    expect(pipe.writes).toBe(3); // header, body, trailer
    pipe.takeAll();
    expect(Buffer.compare(pipe.frames[0]?.body as Uint8Array, big.subarray(0, 70_000))).toBe(0);
  });

  test('go out in pieces, passed by control frames and by no task', () => {
    const pipe = new SlowPipe();
    pipe.writer.send(task(1, big));
    pipe.writer.send(task(2, 'small'));
    pipe.turn();
    expect(pipe.pending).toBeLessThan(3 * 262_144);
    pipe.writer.control({ type: FrameType.ping, id: 99 });
    pipe.takeAll();
    expect(pipe.frames.map(({ type, id }) => [type, id])).toEqual([
      [FrameType.ping, 99],
      [FrameType.task, 1],
      [FrameType.task, 2],
    ]);
    expect(Buffer.compare(pipe.frames[1]?.body as Uint8Array, big)).toBe(0);
    expect(pipe.writer.bytesUnsent).toBe(0);
    expect(pipe.writer.hasUnsent(1)).toBe(false);
  });

  test('are cancelled behind their last piece', () => {
    const pipe = new SlowPipe();
    pipe.writer.send(task(1, big));
    pipe.turn();
    expect(pipe.writer.takeBack(1)).toBe(false);
    pipe.writer.cancel(1, 0);
    pipe.takeAll();
    expect(pipe.frames.map(({ type }) => type)).toEqual([FrameType.task, FrameType.cancel]);
  });

  test('may be text', () => {
    const pipe = new SlowPipe();
    const story = 'süß 🐎 '.repeat(100_000);
    pipe.writer.send(task(1, story));
    pipe.writer.send(task(2, '🐎'.repeat(25_000))); // more than 64 KiB as UTF-8, fewer UTF-16 units
    pipe.takeAll();
    expect(new TextDecoder().decode(pipe.frames[0]?.body)).toBe(story);
    expect(pipe.frames[1]?.body).toHaveLength(100_000);
  });
});

test('frames are, byte for byte, what the protocol says, also in memory that was used before', () => {
  const bodies = [
    new Uint8Array(60_001).fill(255),
    'ab',
    new Uint8Array(3).fill(1),
    new Uint8Array(70_001).fill(2),
    'c',
  ];
  const pipe = new SlowPipe();
  for (let round = 0; round < 20; round++) {
    bodies.forEach((body, i) => void pipe.writer.send(task(i + 1, body)));
    pipe.takeAll();
  }
  const expected = bodies.map((body, i) =>
    frameBytes({ type: FrameType.task, id: i + 1, body: Buffer.from(body as Uint8Array), key: KEY }),
  );
  const round = Buffer.concat(expected);
  expect(Buffer.compare(Buffer.concat(pipe.bytes), Buffer.concat(Array.from({ length: 20 }, () => round)))).toBe(0);
});

describe('end of file', () => {
  test('comes after all tasks, and nothing after it', () => {
    const pipe = new SlowPipe();
    for (let id = 1; id <= 100; id++) pipe.writer.send(task(id, new Uint8Array(20_000)));
    pipe.writer.end();
    pipe.writer.send(task(101, 'too late'));
    pipe.turn();
    expect(pipe.ended).toBe(false);
    pipe.writer.control({ type: FrameType.cancel, id: 5 });
    pipe.takeAll();
    expect(pipe.ended).toBe(true);
    expect(pipe.ids.filter((id) => id !== 5)).toHaveLength(99);
    pipe.writer.control({ type: FrameType.ping, id: 1 });
    pipe.turn();
    expect(pipe.take()).toBe(false);
  });

  test('needs nothing before it', () => {
    const pipe = new SlowPipe();
    pipe.writer.end();
    pipe.turn();
    expect(pipe.ended).toBe(true);
  });
});

test('a writer that was closed writes nothing more, whatever was asked before', () => {
  const pipe = new SlowPipe();
  pipe.writer.send(task(1, 'x'));
  pipe.writer.close();
  pipe.turn();
  expect(pipe.writes).toBe(0);
  expect(pipe.ended).toBe(false);
});
