import { type PoolOptions, ProcessPool } from '@ostler/pool';
import { afterEach, describe, expect, it } from 'vitest';

const WORKER = new URL('./worker.mjs', import.meta.url);
/** Windows has no signals: there, a process that kills itself ends with exit code 1. */
const KILLED_ITSELF = process.platform === 'win32' ? { exitCode: 1 } : { signal: 'SIGKILL' };
const pools: ProcessPool[] = [];

function open(options: Partial<PoolOptions> = {}): ProcessPool {
  const pool = new ProcessPool({ worker: WORKER, minWorkers: 1, maxWorkers: 2, output: 'event', ...options });
  pools.push(pool);
  return pool;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

describe('defects of the original that this pool does not have', () => {
  it('1: the maximum is respected, whatever is submitted at once', async () => {
    const pool = open({ minWorkers: 0, maxWorkers: 2 });
    let most = 0;
    for (const event of ['worker-start', 'worker-ready', 'worker-exit'] as const) {
      pool.on(event, () => {
        most = Math.max(most, pool.stats().workers.total);
      });
    }
    await Promise.all(Array.from({ length: 200 }, () => pool.run('x')));
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('2: close() resolves after the last task and the last process', async () => {
    const pool = open();
    const replies = Promise.all(Array.from({ length: 100 }, (_, i) => pool.run(`${i}`)));
    await pool.close();
    expect((await replies).map(text)).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
    expect(pool.stats().workers.total).toBe(0);
  });

  it('3: a crash rejects its own task, and the host lives on', async () => {
    const pool = open();
    await expect(pool.run('', { handler: 'exit' })).rejects.toMatchObject({
      code: 'ERR_WORKER_CRASHED',
      started: true,
      exit: { exitCode: 3, signal: null },
    });
    expect(text(await pool.run('next'))).toBe('next');
  });

  it('4: a stray line on stdout shifts nothing', async () => {
    const pool = open();
    const lines: string[] = [];
    pool.on('log', ({ line }) => lines.push(line));
    expect(text(await pool.run('noisy', { handler: 'print' }))).toBe('noisy');
    expect(text(await pool.run('quiet'))).toBe('quiet');
    await pool.close();
    expect(lines).toEqual(expect.arrayContaining(['printed', 'written']));
  });

  it('5: a hung worker blocks nobody for ever', async () => {
    const pool = open({ killGrace: 100 });
    const hung = pool.run('', { handler: 'hang', timeout: 200 });
    await expect(hung).rejects.toMatchObject({ code: 'ERR_TASK_TIMEOUT', phase: 'run', timeout: 200 });
    expect(text(await pool.run('next'))).toBe('next');
  });

  it('6: ready() means warm: no task waits for a cold start', async () => {
    const pool = open({ minWorkers: 2 });
    await pool.ready();
    expect(pool.stats().workers).toMatchObject({ total: 2, idle: 2, starting: 0 });
  });

  it('7: a limit that cannot be enforced is refused, never pretended', () => {
    expect(() => open({ resources: { cpus: [1_000_000] } })).toThrow(/resources\.cpus: cannot be enforced/);
  });
});

describe('a pool', () => {
  it('returns the task of a worker that kills itself, and replaces only this worker', async () => {
    const pool = open({ minWorkers: 2 });
    await pool.ready();
    await expect(pool.run('', { handler: 'kill' })).rejects.toMatchObject({ exit: KILLED_ITSELF });
    expect(pool.stats()).toMatchObject({ crashes: 1, tasks: { crashed: 1 } });
  });

  it('convicts a task that kills its worker again, with the evidence of each attempt', async () => {
    const failed = open().run('', { handler: 'exit', retries: { attempts: 3 } });
    await expect(failed).rejects.toMatchObject({
      code: 'ERR_POISON_TASK',
      evidence: [
        { attempt: 1, exit: { exitCode: 3 } },
        { attempt: 2, exit: { exitCode: 3 } },
      ],
    });
  });

  it('streams, maps, calls and runs many', async () => {
    const pool = open();
    const chunks: string[] = [];
    for await (const chunk of pool.stream('', { handler: 'count' })) chunks.push(text(chunk));
    expect(chunks).toEqual(['0', '1', '2']);
    const mapped: string[] = [];
    for await (const reply of pool.map(['a', 'b', 'c'])) mapped.push(text(reply));
    expect(mapped).toEqual(['a', 'b', 'c']);
    expect(await pool.call('add', { a: 1, b: 2 })).toEqual({ sum: 3 });
    expect(await pool.runMany([])).toEqual([]);
    const outcomes = await pool.runMany(['x', 'y']);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled']);
  });

  it('runs tasks of one key one at a time, in order', async () => {
    const pool = open({ minWorkers: 2 });
    const order: number[] = [];
    const run = (i: number) => pool.run(`${i}`, { key: 'k' }).then(() => order.push(i));
    await Promise.all([1, 2, 3, 4].map(run));
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('rejects what it cannot do with an error that says why', async () => {
    const pool = open({ maxBodySize: 10 });
    await expect(pool.run('x'.repeat(11))).rejects.toMatchObject({ code: 'ERR_BODY_TOO_LARGE', size: 11, limit: 10 });
    await expect(pool.call('add', { a: new Date() })).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' });
    await expect(pool.run('', { handler: 'nope' })).rejects.toMatchObject({ remote: { name: 'HandlerNotFoundError' } });
    await pool.close();
    await expect(pool.run('')).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED', started: false });
  });

  it('reports a missing executable at once', async () => {
    const pool = new ProcessPool({ command: ['/no/such/program'] });
    pools.push(pool);
    await expect(pool.run('')).rejects.toMatchObject({ code: 'ERR_WORKER_START', phase: 'spawn' });
    await expect(pool.ready()).rejects.toMatchObject({ code: 'ERR_WORKER_START' });
  });
});
