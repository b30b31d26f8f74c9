import { createHash, randomBytes } from 'node:crypto';
import { type PoolOptions, ProcessPool } from '@ostler/pool';
import { afterEach, describe, expect, it } from 'vitest';
import { built, isBuilt } from './support.js';

const pools: ProcessPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function open(command: [string, ...string[]], options: Partial<PoolOptions> = {}): ProcessPool {
  const pool = new ProcessPool({ command, maxWorkers: 1, output: 'event', ...options });
  pools.push(pool);
  return pool;
}

describe.skipIf(!isBuilt)('a pool of C++ workers (needs cmake and a C++ compiler)', () => {
  it('runs the template: bytes, a value, a stream', async () => {
    const pool = open([built('worker')]);
    expect(text(await pool.run('grüße'))).toBe('grüße');
    expect(await pool.call('sum', { a: 0.1, b: 2 })).toBe(2.1);
    const items: string[] = [];
    for await (const item of pool.stream('3', { handler: 'count' })) items.push(text(item));
    expect(items).toEqual(['1', '2', '3']);
  });

  it.each(['default', 'by-standard'])(
    'hands over bodies of every size around the borders of blocks and frames (%s)',
    async (handler) => {
      const pool = open([built('fixtures'), 'sha512']);
      const sizes = [0, 1, 111, 112, 127, 128, 129, 4_095, 65_536, 1_048_577, 20_000_000];
      const bodies = sizes.map((size) => randomBytes(size));
      const digests = await Promise.all(bodies.map((body) => pool.run(body, { handler })));
      expect(digests.map((digest) => Buffer.from(digest).toString('hex'))).toEqual(
        bodies.map((body) => createHash('sha512').update(body).digest('hex')),
      );
    },
  );

  it('comes back with a thousand right digests, though one is killed half-way', async () => {
    const pool = open([built('fixtures'), 'sha512'], { minWorkers: 2, maxWorkers: 2 });
    const pids: number[] = [];
    pool.on('worker-start', ({ pid }) => pids.push(pid));
    await pool.ready();
    const bodies = Array.from({ length: 1_000 }, () => randomBytes(1_000));
    let settled = 0;
    const digests = await Promise.all(
      bodies.map(async (body) => {
        const digest = await pool.run(body, { retries: { attempts: 1 } });
        if (++settled === 500) process.kill(pids[0] as number, 'SIGKILL');
        return Buffer.from(digest).toString('hex');
      }),
    );
    expect(digests).toEqual(bodies.map((body) => createHash('sha512').update(body).digest('hex')));
  });

  it('loses no reply that it held back when it died, and blames the task that it died of', async () => {
    const pool = open([built('fixtures'), 'sha512']);
    await pool.ready();
    const bodies = Array.from({ length: 400 }, (_, index) => `${index}`);
    const outcomes = await Promise.allSettled(
      bodies.map((body, index) => pool.run(body, { handler: index === 357 ? 'leave' : 'default' })),
    );
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([357]);
    expect(outcomes[357]).toMatchObject({
      reason: { code: 'ERR_WORKER_CRASHED', started: true, exit: { exitCode: 7 } },
    });
  });

  it('gives the replies that it holds back behind a task without end, when that one is ended', async () => {
    const pool = open([built('fixtures'), 'sha512'], { killGrace: 200 });
    await Promise.all(Array.from({ length: 200 }, (_, index) => pool.run(`${index}`))); // the pool sends ahead from now on
    const held = Array.from({ length: 3 }, (_, index) => pool.run(`held ${index}`));
    const endless = pool.run('', { handler: 'wait', timeout: 500 });
    await expect(endless).rejects.toMatchObject({ code: 'ERR_TASK_TIMEOUT' });
    expect((await Promise.all(held)).map((digest) => digest.byteLength)).toEqual([64, 64, 64]);
  });

  it('speaks on stdin and stdout where the program that started it has kept the private descriptors', async () => {
    const keeper = "require('child_process').spawnSync(process.argv[1], ['echo'], { stdio: 'inherit' })";
    const pool = open([process.execPath, '-e', keeper, built('fixtures')]);
    const lines: string[] = [];
    pool.on('log', ({ line }) => lines.push(line.trim()));
    expect(text(await pool.run('over stdout'))).toBe('over stdout');
    await pool.close();
    expect(lines).toEqual([expect.stringContaining('OSTLER_CHANNEL are not there')]);
  });

  it('names what the system has ended it for', async () => {
    const pool = open([built('fixtures'), 'sha512']);
    await expect(pool.run('', { handler: 'fault' })).rejects.toMatchObject({
      code: 'ERR_WORKER_CRASHED',
      message: expect.stringMatching(/SIGSEGV|STATUS_ACCESS_VIOLATION, 0xC0000005/),
    });
  });

  it.skipIf(process.platform === 'win32')(
    'tells what was thrown, by its type and with its cause (needs POSIX)',
    async () => {
      const pool = open([built('fixtures'), 'faulty']);
      await expect(pool.run('', { handler: 'throw' })).rejects.toMatchObject({
        code: 'ERR_TASK_FAILED',
        remote: {
          name: 'RangeError',
          message: 'out of cheese',
          cause: { name: 'std::invalid_argument', message: 'no milk' },
        },
      });
      await expect(pool.run('', { handler: 'nobody' })).rejects.toMatchObject({
        remote: { name: 'HandlerNotFoundError' },
      });
    },
  );

  it.skipIf(process.platform === 'win32')(
    'keeps its channel clean whatever prints to stdout (needs POSIX)',
    async () => {
      const pool = open([built('fixtures'), 'faulty']);
      for (const handler of ['print-language', 'print-native', 'print-child']) {
        expect(text(await pool.run('', { handler }))).toBe('done');
        expect(text(await pool.run(handler, { handler: 'echo' }))).toBe(handler);
      }
    },
  );
});
