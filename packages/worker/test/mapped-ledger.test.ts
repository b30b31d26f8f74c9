import { FrameDecoder, FrameType, LEDGER_HEADER_SIZE, parseLedger } from '@ostler/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { FrameWriter } from '../src/frame-writer.js';

const SIZE = 4_096;
const KEY = 7;

let memory: Uint8Array;
let written: Uint8Array[];
let writer: FrameWriter;

beforeEach(() => {
  memory = new Uint8Array(SIZE);
  written = [];
  writer = new FrameWriter({ write: (bytes, length) => written.push(bytes.slice(0, length)) });
  writer.key = KEY;
  writer.maxFrame = 65_536;
  const refuse = () => expect.fail('a mapped ledger was written');
  writer.keepLedger({ map: () => memory.buffer as ArrayBuffer, write: refuse }, SIZE);
});

function finish(id: number, size = 8): void {
  writer.begin(id, { now: 0, mayTakeLong: false });
  writer.publish({ type: FrameType.result, id, body: Buffer.alloc(size, id) });
}

function idsIn(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  const listener = { onFrame: ({ id }: { id: number }) => ids.push(id), onStray: () => {}, onDamage: () => {} };
  new FrameDecoder(listener, { key: KEY, maxFrame: 65_536 }).push(bytes);
  return ids;
}

describe('a worker whose ledger is mapped', () => {
  test('has published a reply, in place, when the next task begins', () => {
    finish(1);
    finish(2);
    writer.begin(3, { now: 0, mayTakeLong: false });
    const { started, encoded, seal } = parseLedger(memory) ?? expect.fail('no ledger');
    expect({ started, seal, written }).toEqual({ started: 3, seal: 0, written: [] });
    expect(idsIn(memory.slice(LEDGER_HEADER_SIZE, LEDGER_HEADER_SIZE + encoded))).toEqual([1, 2]);
  });

  test('empties it once the replies are written', () => {
    finish(1);
    finish(2);
    writer.begin(3, { now: 0, mayTakeLong: false });
    writer.flush();
    expect(written.flatMap(idsIn)).toEqual([1, 2]);
    expect(parseLedger(memory)).toMatchObject({ started: 3, encoded: 0, generation: 1 });
  });

  test('never writes beyond it, however large the replies are', () => {
    const ids = Array.from({ length: 60 }, (_, index) => index + 1);
    for (const id of ids) finish(id, (id * 97) % 6_000);
    writer.flush();
    expect(idsIn(Buffer.concat(written))).toEqual(ids);
    expect(parseLedger(memory)).toMatchObject({ started: 60, encoded: 0 });
  });
});
