import { describe, expect, test } from 'vitest';
import { itemsOf, OutgoingStream } from '../src/outgoing-stream.js';
import { Turn } from '../src/turn.js';

const CREDIT = 262_144;

function streamOf(items: AsyncIterator<unknown> | Iterator<unknown>) {
  return new OutgoingStream(items, new Turn(() => 0));
}

describe('itemsOf', () => {
  test('finds the items of generators and of async iterables', () => {
    const sync = (function* () {})();
    const later = (async function* () {})();
    expect(itemsOf(sync)).toBe(sync);
    expect(itemsOf(later)).toBe(later);
    expect(itemsOf({ [Symbol.asyncIterator]: () => later })).toBe(later);
  });

  test.each([[[1]], [new Map()], [new Set()], [new Uint8Array(1)], ['text'], [{ next: 1 }], [null], [undefined], [1]])(
    '%o is one value',
    (value) => {
      expect(itemsOf(value)).toBeUndefined();
    },
  );
});

test('credit counts bytes: the item that uses it up is the last one until there is more', async () => {
  const sizes: number[] = [];
  const stream = streamOf([CREDIT - 1, 10, 3, 1][Symbol.iterator]());
  const sent = stream.send((item) => sizes.push(item as number) && (item as number));
  await turn();
  expect(sizes).toEqual([CREDIT - 1, 10]);
  stream.addCredit(9); // still nothing to spend
  await turn();
  expect(sizes).toHaveLength(2);
  stream.addCredit(1);
  await turn();
  expect(sizes).toHaveLength(3);
  stream.addCredit(CREDIT);
  expect(await sent).toBe(true);
  expect(sizes).toHaveLength(4);
});

test('promises among the items are waited for', async () => {
  const items: unknown[] = [];
  await streamOf([Promise.resolve(1), 2][Symbol.iterator]()).send((item) => items.push(item));
  expect(items).toEqual([1, 2]);
});

test('stop ends an iterator that hangs, if it can be ended', async () => {
  let finish = (_: IteratorResult<unknown>) => {};
  const iterator = {
    next: () => new Promise<IteratorResult<unknown>>((resolve) => (finish = resolve)),
    async return() {
      finish({ done: true, value: undefined });
      return { done: true as const, value: undefined };
    },
  };
  const stream = streamOf(iterator);
  const sent = stream.send(() => 0);
  stream.stop();
  expect(await sent).toBe(false);
});

test('what the clean-up of a stopped generator throws is told', async () => {
  const generator = (function* () {
    try {
      yield 1;
    } finally {
      fail('clean-up');
    }
  })();
  const stream = streamOf(generator);
  const sent = stream.send(() => CREDIT);
  await turn();
  stream.stop();
  await expect(sent).rejects.toThrow('clean-up');
});

test('an item that cannot be sent is the error, whatever the clean-up says', async () => {
  const generator = (function* () {
    try {
      yield 1;
    } finally {
      fail('clean-up');
    }
  })();
  const sent = streamOf(generator).send(() => {
    throw new Error('cannot be sent');
  });
  await expect(sent).rejects.toThrow('cannot be sent');
});

test('a stream without end leaves turns to the event loop', async () => {
  let now = 0;
  const deferred: (() => void)[] = [];
  const stream = new OutgoingStream(
    (function* () {
      for (;;) yield '';
    })(),
    new Turn(
      () => now++,
      (callback) => deferred.push(callback),
    ),
  );
  let count = 0;
  const sent = stream.send(() => {
    count++;
    return 0;
  });
  await turn();
  expect(deferred).toHaveLength(1);
  const before = count;
  deferred.shift()?.();
  await turn();
  expect(count).toBeGreaterThan(before);
  stream.stop();
  deferred.shift()?.();
  expect(await sent).toBe(false);
});

function fail(message: string): never {
  throw new Error(message);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
