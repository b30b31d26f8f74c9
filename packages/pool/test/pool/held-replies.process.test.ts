import { ProcessPool, TaskTimeoutError } from '@ostler/pool';
import { afterEach, expect, it } from 'vitest';

const WARM_UP = 500;
const pool = new ProcessPool({ worker: new URL('./worker.mjs', import.meta.url), maxWorkers: 1, output: 'event' });
afterEach(() => pool.destroy());

it('delivers a finished reply that a worker holds back behind an endless loop, and blames the loop', async () => {
  // After that the pool sends ahead, and the worker knows its handlers as fast ones.
  await Promise.all(Array.from({ length: WARM_UP }, (_, index) => pool.run(`${index}`)));
  const fast = Array.from({ length: 20 }, (_, index) => pool.run(`${index}`, { timeout: 2_000 }));
  const endless = pool.run('', { handler: 'hang', timeout: 500 });
  const after = pool.run('after');
  expect((await Promise.all(fast)).map((reply) => new TextDecoder().decode(reply))).toHaveLength(fast.length);
  await expect(endless).rejects.toThrow(TaskTimeoutError);
  expect(new TextDecoder().decode(await after)).toBe('after');
});
