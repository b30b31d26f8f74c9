import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';
import { errorOf, open, text } from './support.js';

const gated = { handler: 'gated' } as const;

async function texts(values: AsyncIterable<Uint8Array>): Promise<string[]> {
  const taken: string[] = [];
  for await (const value of values) taken.push(text(value));
  return taken;
}

/** Items from elsewhere; tells how many were asked for, and whether they were given up. */
class Source {
  given = 0;
  closed = false;

  constructor(readonly count: number) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    try {
      while (this.given < this.count) yield `${this.given++}`;
    } finally {
      this.closed = true;
    }
  }
}

describe('map', () => {
  it('does not outrun a consumer that takes its time', async () => {
    const pool = open();
    const source = new Source(1_000);
    const replies = pool.map(source, { inFlight: 3 })[Symbol.asyncIterator]();
    for (let taken = 1; taken <= 20; taken++) {
      expect(text((await replies.next()).value)).toBe(`${taken - 1}`);
      expect(source.given).toBeLessThanOrEqual(taken + 3);
    }
    await replies.return?.();
    expect(source.closed).toBe(true);
  });

  it('ends with the abort of its signal', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env });
    const controller = new AbortController();
    const mapped = errorOf(texts(pool.map(['a', 'b', 'c'], { ...gated, signal: controller.signal })));
    await gate.arrived('a');
    controller.abort('enough');
    expect(await mapped).toMatchObject({ code: 'ERR_TASK_ABORTED', cause: 'enough' });
  });

  it('waits for room in the queue, beside others who do', async () => {
    const pool = open({ maxQueueSize: 1, minWorkers: 2, maxWorkers: 2 });
    const items = Array.from({ length: 100 }, (_, i) => `${i}`);
    const maps = Array.from({ length: 3 }, () => texts(pool.map(items, { inFlight: 10 })));
    expect(await Promise.all(maps)).toEqual([items, items, items]);
    expect(pool.stats().tasks).toMatchObject({ submitted: 300, succeeded: 300, rejected: 0 });
  });

  it('waits for room for the bytes of its items, however large', async () => {
    const pool = open({ maxQueueBytes: '1KiB' });
    const items = [600, 600, 2_000, 600, 10].map((size) => 'x'.repeat(size));
    expect(await texts(pool.map(items, { inFlight: 5 }))).toEqual(items);
    const values = items.map((name) => ({ name }));
    const called: unknown[] = [];
    for await (const reply of pool.callMap('default', values, { inFlight: 5 })) called.push(reply);
    expect(called).toEqual(values);
    expect(pool.stats().tasks.rejected).toBe(0);
  });
});
