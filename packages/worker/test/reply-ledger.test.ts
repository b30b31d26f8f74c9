import { FrameType, LEDGER_HEADER_SIZE, parseLedger } from '@ostler/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { FrameWriter } from '../src/frame-writer.js';

const FRAME = 32 + 8;
const SIZE = LEDGER_HEADER_SIZE + 10 * FRAME;

let memory: Uint8Array;
let written: number[];
let stores: number[];
let writer: FrameWriter;

beforeEach(() => start(SIZE));

function start(size: number): void {
  memory = new Uint8Array(size);
  stores = [];
  written = [];
  const store = {
    map: () => undefined,
    write(image: Uint8Array, start: number, end: number) {
      expect(end).toBeLessThanOrEqual(memory.length);
      stores.push(end - start);
      memory.set(image.subarray(start, end), start);
    },
  };
  writer = new FrameWriter({ write: (_, length) => written.push(length) });
  writer.keepLedger(store, memory.length);
}

function publish(id: number, size = 8): void {
  writer.publish({ type: FrameType.result, id, body: Buffer.alloc(size, 'x') });
}

function begin(id: number, now = 0, mayTakeLong = false): void {
  writer.begin(id, { now, mayTakeLong });
}

describe('a worker with a ledger', () => {
  test('says before its first task that it keeps it', () => {
    expect(parseLedger(memory)).toEqual({ started: 0, encoded: 0, generation: 0, seal: 0 });
  });

  test('has published a reply when the next task begins, and has not written it', () => {
    begin(1);
    publish(1);
    begin(2);
    publish(2);
    begin(3);
    expect(parseLedger(memory)).toMatchObject({ started: 3, encoded: 2 * FRAME, generation: 0 });
    expect(written).toEqual([]);
  });

  test('publishes a reply and says what begins in one store, which its seal tells to be whole', () => {
    begin(1);
    publish(1);
    stores = [];
    begin(2);
    expect(stores).toEqual([LEDGER_HEADER_SIZE + FRAME + 8]);
    const { seal, encoded } = parseLedger(memory) ?? expect.fail('no ledger');
    expect(seal).toBeGreaterThan(0);
    expect(new DataView(memory.buffer).getUint32(LEDGER_HEADER_SIZE + encoded, true)).toBe(seal);
  });

  test('stores what goes beyond a page before the header that names it, without a seal', () => {
    start(65_536);
    begin(1);
    publish(1, 4_096);
    stores = [];
    begin(2);
    expect(stores).toEqual([4_096 + 32, LEDGER_HEADER_SIZE]);
    expect(parseLedger(memory)).toEqual({ started: 2, encoded: 4_096 + 32, generation: 0, seal: 0 });
  });

  test('writes all that it holds at once, and begins anew', () => {
    for (const id of [1, 2, 3]) {
      begin(id);
      publish(id);
    }
    writer.flush();
    expect(written).toEqual([3 * FRAME]);
    expect(parseLedger(memory)).toEqual({ started: 3, encoded: 0, generation: 1, seal: 0 });
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
