import type { PoolStats } from '@ostler/pool';
import { expect, it } from 'vitest';
import { open } from './support.js';

const worker = new URL('fixtures/telling.mjs', import.meta.url);

/** Of every task that was submitted it is known where it is. */
function expectNoneMissing({ tasks, queue }: PoolStats): void {
  const { submitted, running, succeeded, failed, crashed, timedOut, aborted, rejected } = tasks;
  expect(queue.size + running + succeeded + failed + crashed + timedOut + aborted + rejected).toBe(submitted);
}

it('the numbers of a pool add up at any moment, whatever becomes of its tasks', async () => {
  const pool = open({ worker, minWorkers: 2, maxWorkers: 2, maxQueueSize: 16, killGrace: 50 });
  await pool.ready();
  const controller = new AbortController();
  const kinds = [
    { handler: 'default' },
    { handler: 'fail' },
    { handler: 'exit' },
    { handler: 'exit', retries: { attempts: 1 } },
    { handler: 'wait', timeout: 50 },
    { handler: 'default', signal: controller.signal },
    { handler: 'default', queueTimeout: 1 },
  ];
  const settled = Array.from({ length: 28 }, (_, index) =>
    pool
      .run('', kinds[index % kinds.length])
      .catch(() => {})
      .then(() => expectNoneMissing(pool.stats())),
  );
  expectNoneMissing(pool.stats());
  expect(pool.stats().tasks.rejected).toBeGreaterThan(0);
  controller.abort();
  expectNoneMissing(pool.stats());
  await Promise.all(settled);
  const { tasks, queue } = pool.stats();
  expect(tasks).toMatchObject({ submitted: 28, running: 0 });
  expect(queue).toMatchObject({ size: 0, bytes: 0, oldestMs: 0 });
  for (const kind of ['succeeded', 'failed', 'crashed', 'timedOut', 'aborted', 'retried'] as const) {
    expect(tasks[kind], kind).toBeGreaterThan(0);
  }
});
