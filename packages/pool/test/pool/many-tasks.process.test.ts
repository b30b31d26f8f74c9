import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';
import { errorOf, next, open, text } from './support.js';

const worker = new URL('fixtures/telling.mjs', import.meta.url);
const gated = { handler: 'gated' } as const;
const letters = ['a', 'b', 'c', 'd', 'e', 'f'];

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Says what was taken from it, and whether it was told that nobody wants more. */
class Source {
  taken = 0;
  returned = false;

  *[Symbol.iterator](): Generator<string> {
    try {
      for (const letter of letters) {
        this.taken++;
        yield letter;
      }
    } finally {
      this.returned = true;
    }
  }
}

describe('runMany()', () => {
  it('gives an outcome per body, in their order, also where one of them kills its worker', async () => {
    const pool = open({ worker, minWorkers: 2, maxWorkers: 2 });
    const bodies = Array.from({ length: 200 }, (_, index) => (index === 77 ? 'crash' : `${index}`));
    const outcomes = await pool.runMany(bodies, { handler: 'crashOnCrash' });
    const rejected = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(rejected).toMatchObject([{ code: 'ERR_WORKER_CRASHED', started: true, exit: { exitCode: 6 } }]);
    expect(outcomes[77]?.status).toBe('rejected');
    const values = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? text(outcome.value) : 'crash'));
    expect(values).toEqual(bodies);
  });

  it('of nothing is nothing', async () => {
    expect(await open().runMany([])).toEqual([]);
  });

  it('that is aborted keeps what was done, and rejects the rest', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env });
    const controller = new AbortController();
    const outcomes = pool.runMany(letters, { ...gated, signal: controller.signal });
    await gate.pass('a');
    await gate.arrived('b');
    controller.abort();
    const [first, ...rest] = await outcomes;
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(rest).toHaveLength(5);
    for (const [index, outcome] of rest.entries()) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ERR_TASK_ABORTED', started: index === 0 } });
    }
    expect(gate.begun).toEqual(['a', 'b']);
  });

  it('is refused as a whole where the queue has no room for all, or a body is none', async () => {
    const pool = open({ maxQueueSize: 5 });
    expect(await errorOf(pool.runMany(letters))).toMatchObject({ code: 'ERR_QUEUE_FULL', limit: 5 });
    expect(await errorOf(pool.runMany(['a', 1 as never]))).toMatchObject({ option: 'bodies[1]' });
    expect(pool.stats().tasks).toMatchObject({ rejected: 6, succeeded: 0 });
  });
});

describe('map()', () => {
  it('gives replies in the order of the items, whichever is done first', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2 });
    const replies = all(pool.map(['a', 'b', 'c'], gated));
    await gate.pass('b', 'c', 'a');
    expect((await replies).map(text)).toEqual(['a', 'b', 'c']);
  });

  it('gives replies as they come, where the order does not matter', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2 });
    const replies = pool.map(['a', 'b'], { ...gated, ordered: false })[Symbol.asyncIterator]();
    const first = replies.next();
    await gate.pass('b');
    expect(text((await first).value)).toBe('b');
    const second = replies.next();
    await gate.pass('a');
    expect(text((await second).value)).toBe('a');
    expect(await replies.next()).toMatchObject({ done: true });
  });

  it('takes no more items than may be on their way, replies that wait for their turn included', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 3, maxWorkers: 3 });
    const source = new Source();
    const replies = all(pool.map(source, { ...gated, inFlight: 2 }));
    await gate.until(() => gate.waiting.length === 2);
    await gate.pass('b'); // its reply waits for that of 'a'
    expect(await pool.run('aside')).toHaveLength(5);
    expect([source.taken, gate.begun.toSorted()]).toEqual([2, ['a', 'b']]); // two workers: whichever was first
    gate.open();
    expect((await replies).map(text)).toEqual(letters);
    expect(gate.most).toBe(2);
  });

  it('ends at the first failure, and aborts the rest', async () => {
    const pool = open({ worker, minWorkers: 2, maxWorkers: 2 });
    const source = new Source();
    const failed = errorOf(all(pool.map(source, { handler: 'failOnB', inFlight: 2 })));
    expect(await failed).toMatchObject({ code: 'ERR_TASK_FAILED', remote: { message: 'no b' } });
    expect(source).toMatchObject({ taken: expect.any(Number), returned: true });
    expect(source.taken).toBeLessThan(letters.length);
    await pool.close();
    expect(pool.stats().tasks).toMatchObject({ failed: 1, running: 0 });
  });

  it("goes on after failures with onError: 'yield', and says which item each outcome belongs to", async () => {
    const pool = open({ worker });
    const outcomes = await all(pool.map(letters, { handler: 'failOnB', onError: 'yield', ordered: false }));
    expect(outcomes.map(({ index }) => index).toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(outcomes.find(({ index }) => index === 1)).toMatchObject({
      status: 'rejected',
      reason: { code: 'ERR_TASK_FAILED' },
    });
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('gives the replies to the items that there were, then ends with the error of the others', async () => {
    const pool = open();
    async function* items(): AsyncGenerator<string> {
      yield 'a';
      yield 'b';
      throw new RangeError('no more letters');
    }
    const replies: string[] = [];
    const failed = errorOf(
      (async () => {
        for await (const reply of pool.map(items())) replies.push(text(reply));
      })(),
    );
    expect(await failed).toMatchObject({ name: 'RangeError', message: 'no more letters' });
    expect(replies).toEqual(['a', 'b']);
  });

  it('that is left early aborts what is on its way, and tells the items', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2 });
    const source = new Source();
    await Promise.all([
      gate.pass('a'),
      (async () => {
        for await (const reply of pool.map(source, { ...gated, inFlight: 2 })) {
          expect(text(reply)).toBe('a');
          break;
        }
      })(),
    ]);
    expect(source.returned).toBe(true);
    await pool.close();
    const { succeeded, aborted, submitted } = pool.stats().tasks;
    expect([succeeded, aborted]).toEqual([1, submitted - 1]);
  });

  it('waits for room in the queue instead of failing', async () => {
    const pool = open({ maxQueueSize: 1 });
    expect((await all(pool.map(letters, { inFlight: 6 }))).map(text)).toEqual(letters);
    expect(pool.stats().tasks).toMatchObject({ succeeded: 6, failed: 0 });
  });

  it('has a sibling for values', async () => {
    const pool = open();
    const infos = await all(pool.callMap('info', [1, 2], { metadata: { from: 'map' } }));
    expect(infos).toMatchObject([{ id: 1, metadata: { from: 'map' } }, { id: 2 }]);
  });
});

describe('a queue that is full', () => {
  it('refuses tasks, and says when there is room again', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, maxQueueSize: 1 });
    await pool.ready();
    const running = pool.run('a', gated);
    const waiting = pool.run('b', gated);
    expect(await errorOf(pool.run('c'))).toMatchObject({ code: 'ERR_QUEUE_FULL', limit: 1 });
    const told = Promise.all([next(pool, 'drain'), pool.room()]);
    await gate.pass('a');
    await told;
    const later = pool.run('c', gated);
    await gate.pass('b', 'c');
    expect((await Promise.all([running, waiting, later])).map(text)).toEqual(['a', 'b', 'c']);
    await pool.room();
  });

  it('may be full of bytes as well', async () => {
    const pool = open({ maxQueueBytes: 1_000 });
    pool.pause();
    const waiting = pool.run('x'.repeat(900));
    expect(await errorOf(pool.run('x'.repeat(101)))).toMatchObject({ code: 'ERR_QUEUE_FULL', limit: 1_000 });
    pool.resume();
    expect(await waiting).toHaveLength(900);
  });
});

describe('a pool that is paused', () => {
  it('sends nothing, finishes what runs, and goes on when it is resumed', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, maxQueueSize: 2 });
    const running = pool.run('a', gated);
    await gate.arrived('a');
    pool.pause();
    const waiting = [pool.run('b', gated), pool.run('c', gated)];
    expect(await errorOf(pool.run('d'))).toMatchObject({ code: 'ERR_QUEUE_FULL' });
    await gate.pass('a');
    await running;
    expect(pool.stats()).toMatchObject({ state: 'paused', queue: { size: 2 }, tasks: { running: 0 } });
    expect(gate.begun).toEqual(['a']);
    pool.resume();
    await gate.pass('b', 'c');
    await Promise.all(waiting);
  });
});
