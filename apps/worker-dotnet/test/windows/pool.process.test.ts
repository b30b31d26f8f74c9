import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { open } from '../support.js';
import { isPublished, PUBLISHED } from './support.js';

describe.skipIf(!isPublished)('a pool of self-contained .NET workers (needs the .NET SDK 10)', () => {
  it('comes back with a thousand right digests, though one worker is killed half-way', async () => {
    const pool = open([...PUBLISHED, 'faulty'], { minWorkers: 2, maxWorkers: 2 });
    const pids: number[] = [];
    pool.on('worker-start', ({ pid }) => pids.push(pid));
    await pool.ready();
    const bodies = Array.from({ length: 1_000 }, () => randomBytes(1_000));
    let settled = 0;
    const digests = await Promise.all(
      bodies.map(async (body) => {
        const digest = await pool.run(body, { handler: 'sha512', retries: { attempts: 1 } });
        if (++settled === 500) process.kill(pids[0] as number, 'SIGKILL');
        return Buffer.from(digest).toString('hex');
      }),
    );
    expect(digests).toEqual(bodies.map((body) => createHash('sha512').update(body).digest('hex')));
  });

  it('tells what was thrown, by its type and with its cause, and goes on', async () => {
    const pool = open([...PUBLISHED, 'faulty']);
    await expect(pool.run('', { handler: 'throw' })).rejects.toMatchObject({
      code: 'ERR_TASK_FAILED',
      remote: {
        name: 'IndexOutOfRangeException',
        message: 'out of cheese',
        cause: { name: 'ArgumentException', message: 'no milk' },
      },
    });
    expect(await pool.run('on', { handler: 'echo' })).toEqual(new TextEncoder().encode('on'));
  });

  it('that ends itself by force is told by its exit code, with its last words', async () => {
    const pool = open([...PUBLISHED, 'faulty']);
    await expect(pool.run('', { handler: 'complain' })).rejects.toMatchObject({
      code: 'ERR_WORKER_CRASHED',
      exit: { exitCode: 3, signal: null },
      message: expect.stringContaining('giving up'),
    });
  });
});
