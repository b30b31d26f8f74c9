import { LedgerReader } from '@ostler/pool/worker-process';
import {
  type FrameInput,
  FrameType,
  frameBytes,
  LEDGER_HEADER_SIZE,
  LEDGER_MAGIC,
  LEDGER_OFFSETS,
} from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import type { WorkerScript } from '../../src/index.js';
import { inWorlds, Stage } from './stage.js';

const KEY = 0xabcdef01;

/** A ledger whose content the test writes word by word. */
class PaperLedger {
  readonly fd = 5;
  readonly size = 4096;
  readonly memory = new Uint8Array(this.size);
  readonly #view = new DataView(this.memory.buffer);
  /** Called before each read: what the worker does meanwhile. */
  meanwhile: (() => void)[] = [];

  constructor() {
    this.#view.setUint32(0, LEDGER_MAGIC, true);
  }

  set(field: keyof typeof LEDGER_OFFSETS, value: number): this {
    this.#view.setUint32(LEDGER_OFFSETS[field], value, true);
    return this;
  }

  hold(...frames: Omit<FrameInput, 'key'>[]): this {
    const bytes = Buffer.concat(frames.map((frame) => frameBytes({ ...frame, key: KEY })));
    this.memory.set(bytes, LEDGER_HEADER_SIZE);
    return this.set('encoded', bytes.length);
  }

  /** As a store in one call leaves it. */
  seal(value: number): this {
    this.set('seal', value);
    const encoded = this.#view.getUint32(LEDGER_OFFSETS.encoded, true);
    this.#view.setUint32(LEDGER_HEADER_SIZE + encoded, value, true);
    return this;
  }

  read(target: Uint8Array, position: number): number {
    this.meanwhile.shift()?.();
    const bytes = this.memory.subarray(position, position + target.length);
    target.set(bytes);
    return bytes.length;
  }

  close(): void {}
}

const result = (id: number) => ({ type: FrameType.result, id });

function readerOf(ledger: PaperLedger) {
  const ids: number[] = [];
  const reader = new LedgerReader(ledger, KEY, { maxFrame: 1024, maxBody: 4096 });
  const note = (frame: { id: number }): void => void ids.push(frame.id);
  return { ids, reader, peek: () => reader.peek(note), recover: () => reader.recover(note) };
}

describe('the ledger of a dead worker', () => {
  test('gives the replies that it holds and the task that began last', () => {
    const { ids, recover } = readerOf(new PaperLedger().set('started', 9).hold(result(7), result(8)));
    expect(recover()).toBe(9);
    expect(ids).toEqual([7, 8]);
  });

  test('gives nothing but terminal frames', () => {
    const log = { type: FrameType.log, id: 1 };
    const { ids, recover } = readerOf(
      new PaperLedger().hold(
        log,
        { type: FrameType.end, id: 2 },
        { type: FrameType.failure, id: 3 },
        { ...result(4), flags: 1 },
      ),
    );
    recover();
    expect(ids).toEqual([2, 3]);
  });

  test('gives nothing where the worker never wrote to it, or wrote nonsense', () => {
    const untouched = new PaperLedger();
    untouched.memory.fill(0);
    expect(readerOf(untouched).recover()).toBeNull();
    const { ids, recover } = readerOf(new PaperLedger().set('encoded', 2 ** 31).set('started', 3));
    expect(recover()).toBe(3);
    expect(ids).toEqual([]);
  });

  test('gives no reply twice that came over the channel before the worker could empty it', () => {
    const { ids, reader, recover } = readerOf(new PaperLedger().hold(result(1), result(2), result(3)));
    reader.isRepeated(1);
    reader.isRepeated(2);
    recover();
    expect(ids).toEqual([3]);
  });

  test('gives the second reply of a task that was sent again', () => {
    const ledger = new PaperLedger().hold(result(1));
    const { ids, reader, recover } = readerOf(ledger);
    reader.isRepeated(1);
    ledger.set('encoded', 0).set('generation', 1);
    reader.sentAgain(1);
    ledger.hold(result(1));
    recover();
    expect(ids).toEqual([1]);
  });

  test('gives nothing twice that the worker had not emptied it of when the task was sent again', () => {
    const ledger = new PaperLedger().hold(result(7), result(1), result(8));
    const { ids, reader, peek, recover } = readerOf(ledger);
    reader.isRepeated(7);
    reader.isRepeated(1);
    reader.sentAgain(1);
    peek();
    expect(ids).toEqual([8]);
    recover();
    expect(ids).toEqual([8]);
  });
});

describe('the ledger of a live worker', () => {
  test('gives what was stored under a seal', () => {
    const { ids, peek } = readerOf(new PaperLedger().hold(result(1), result(2)).seal(7));
    peek();
    expect(ids).toEqual([1, 2]);
  });

  test('gives nothing of a store that is half there, and all of it later', () => {
    const ledger = new PaperLedger().hold(result(1)).seal(7).set('seal', 8);
    const { ids, peek } = readerOf(ledger);
    peek();
    expect(ids).toEqual([]);
    ledger.hold(result(1), result(2)).seal(8);
    peek();
    expect(ids).toEqual([1, 2]);
  });

  test('looks again where the worker stores the next batch meanwhile', () => {
    const ledger = new PaperLedger().hold(result(1)).set('seal', 8);
    ledger.meanwhile = [() => {}, () => ledger.hold(result(1), result(2)).seal(8)];
    const { ids, peek } = readerOf(ledger);
    peek();
    expect(ids).toEqual([1, 2]);
  });

  test('gives what is held back, once', () => {
    const ledger = new PaperLedger().hold(result(1), result(2));
    const { ids, reader, peek, recover } = readerOf(ledger);
    peek();
    peek();
    ledger.hold(result(1), result(2), result(3));
    peek();
    expect(ids).toEqual([1, 2, 3]);
    expect(reader.isRepeated(1)).toBe(true);
    expect(reader.isRepeated(1)).toBe(false);
    recover();
    expect(ids).toEqual([1, 2, 3]);
  });

  test('keeps the end of a stream, whose chunks may still be on their way', () => {
    const { ids, peek, recover } = readerOf(new PaperLedger().hold(result(1), { type: FrameType.end, id: 2 }));
    peek();
    expect(ids).toEqual([1]);
    recover();
    expect(ids).toEqual([1, 2]);
  });

  test.each([
    ['the batch was written meanwhile', (ledger: PaperLedger) => ledger.set('generation', 1)],
    ['and the next one begun', (ledger: PaperLedger) => ledger.set('generation', 1).hold(result(9))],
    ['only its size had changed', (ledger: PaperLedger) => ledger.set('encoded', 0)],
  ])('gives nothing where %s', (_, happens) => {
    const ledger = new PaperLedger().hold(result(1), result(2));
    const { ids, peek } = readerOf(ledger);
    ledger.meanwhile = [() => {}, () => {}, () => void happens(ledger)];
    peek();
    expect(ids).toEqual([]);
  });
});

describe('a worker with a ledger', () => {
  const replyThenSleep: NonNullable<WorkerScript['handle']> = function* (task, voice) {
    yield;
    if (task.id === 3) while (true) yield* voice.sleep();
    voice.reply(task, `${task.id}`);
  };

  test('loses no finished reply when it is killed, at whatever point', () => {
    inWorlds(300, (seed) => {
      const stage = new Stage({ handle: replyThenSleep }, { seed }).untilReady();
      for (const id of [1, 2, 3, 4]) stage.send(id);
      const { memory } = stage.os.ledgers[0] as { memory: Uint8Array };
      const began = () => new DataView(memory.buffer).getUint32(LEDGER_OFFSETS.started, true);
      stage.os.run(() => began() === 3);
      for (let steps = seed % 7; steps > 0; steps--) stage.os.step();
      stage.worker.signal('SIGKILL');
      expect(stage.untilGone().ledgerStarted).toBe(3);
      expect([...new Set(stage.replies)]).toEqual(['1: 1', '2: 2']);
      expect(stage.os.ledgers.every(({ isOpen }) => !isOpen)).toBe(true);
    });
  });

  test('gives replies back that wait behind a long task', () => {
    inWorlds(100, (seed) => {
      const stage = new Stage({ handle: replyThenSleep }, { seed }).untilReady();
      for (const id of [1, 2, 3, 4]) stage.send(id);
      expect(stage.os.run(() => false)).toBe(false);
      stage.worker.peekLedger();
      stage.worker.peekLedger();
      expect(stage.replies).toEqual(['1: 1', '2: 2']);
      stage.worker.cancel(3);
      stage.untilReplies(4);
      expect(stage.replies).toEqual(['1: 1', '2: 2', '3! cancelled', '4: 4']);
      stage.worker.endInput();
      stage.untilGone();
      expect(stage.replies).toHaveLength(4);
    });
  });
});
