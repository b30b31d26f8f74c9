import { FrameType, LEDGER_HEADER_SIZE, parseLedger } from '@ostler/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { FrameWriter } from '../src/frame-writer.js';
import { ReplyLedger } from '../src/reply-ledger.js';

const FRAME = 32 + 8;
const SIZE = LEDGER_HEADER_SIZE + 10 * FRAME;

let memory: Uint8Array;
let written: number[];
let writer: FrameWriter;

beforeEach(() => {
  memory = new Uint8Array(SIZE);
  written = [];
  const store = {
    write(bytes: Uint8Array, { start, end }: { start: number; end: number }, position: number) {
      expect(position + end - start).toBeLessThanOrEqual(SIZE);
      memory.set(bytes.subarray(start, end), position);
    },
  };
  writer = new FrameWriter({ write: (_, length) => written.push(length) });
  writer.ledger = new ReplyLedger(store, SIZE);
});

function publish(id: number, size = 8): void {
  writer.publish({ type: FrameType.result, id, body: Buffer.alloc(size, 'x') });
}

function begin(id: number, now = 0, mayTakeLong = false): void {
  writer.begin(id, { now, mayTakeLong });
}

describe('a worker with a ledger', () => {
  test('says before its first task that it keeps it', () => {
    expect(parseLedger(memory)).toEqual({ started: 0, encoded: 0, generation: 0 });
  });

  test('has published a reply when the next task begins, and has not written it', () => {
    begin(1);
    publish(1);
    begin(2);
    publish(2);
    begin(3);
    expect(parseLedger(memory)).toEqual({ started: 3, encoded: 2 * FRAME, generation: 0 });
    expect(written).toEqual([]);
  });

  test('writes all that it holds at once, and begins anew', () => {
    for (const id of [1, 2, 3]) {
      begin(id);
      publish(id);
    }
    writer.flush();
    expect(written).toEqual([3 * FRAME]);
    expect(parseLedger(memory)).toEqual({ started: 3, encoded: 0, generation: 1 });
    writer.flush();
    expect(written).toEqual([3 * FRAME]);
  });

  test('lets no reply wait long, nor behind a task that may take long', () => {
    begin(1, 0);
    publish(1);
    begin(2, 0.1);
    publish(2);
    begin(3, 0.2);
    expect(written).toEqual([2 * FRAME]);
    publish(3);
    begin(4, 0.2, true);
    expect(written).toEqual([2 * FRAME, FRAME]);
  });

  test('keeps the order when it writes something else', () => {
    begin(1);
    publish(1);
    writer.write({ type: FrameType.log, id: 0 });
    expect(written).toEqual([FRAME + 32]);
  });

  test('flushes first what does not fit behind the others, and writes directly what never fits', () => {
    for (let id = 1; id <= 11; id++) {
      begin(id);
      publish(id);
    }
    expect(written).toEqual([10 * FRAME]);
    publish(12, SIZE);
    expect(written).toEqual([10 * FRAME, FRAME + 32 + SIZE]);
  });

  test('writes a reply over the frame limit in pieces', () => {
    writer.maxFrame = 16;
    publish(1, 24);
    expect(written).toEqual([32 + 8 + 16, 32 + 8]);
  });
});
