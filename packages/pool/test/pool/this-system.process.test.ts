import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { nodeOs } from '@ostler/pool/os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorOf, isAlive, next, open, record, text } from './support.js';

const WINDOWS = process.platform === 'win32';
const PROGRAM = fileURLToPath(new URL('fixtures/words.mjs', import.meta.url));
const HOST = fileURLToPath(new URL('fixtures/family-host.mjs', import.meta.url));
const hosts: ChildProcess[] = [];

afterEach(() => {
  for (const host of hosts.splice(0)) host.kill('SIGKILL');
});

describe('on this system, whichever it is', () => {
  it('a thousand tasks come back right, though a worker is killed half-way', async () => {
    const pool = open({ command: [process.execPath, PROGRAM], minWorkers: 2, maxWorkers: 2 });
    const started = record(pool, 'worker-start');
    await pool.ready();
    const bodies = Array.from({ length: 1_000 }, (_, index) => `${index} `.repeat(100));
    let settled = 0;
    const digests = await Promise.all(
      bodies.map(async (body) => {
        const digest = await pool.run(body, { handler: 'sha512', retries: { attempts: 1 } });
        if (++settled === 500) process.kill(started[0]?.pid as number, 'SIGKILL');
        return Buffer.from(digest).toString('hex');
      }),
    );
    expect(digests).toEqual(bodies.map((body) => createHash('sha512').update(body).digest('hex')));
    await vi.waitFor(() => expect(pool.stats().crashes).toBe(1), { timeout: 20_000 });
  });

  it('the arguments of a worker arrive as they were given', async () => {
    const words = [
      'two words',
      'q"uote',
      'back\\',
      'at the end\\\\',
      '',
      '%PATH%',
      '^&|<>',
      'a\\"b',
      'grüße',
      "'",
      '*',
    ];
    const pool = open({ command: [process.execPath, PROGRAM, ...words] });
    expect(await pool.call('words')).toEqual(words);
  });

  it('a program is found by its bare name', async () => {
    const pool = open({ command: ['node', PROGRAM], env: { PATH: pathToNode() } });
    expect(text(await pool.run('found'))).toBe('found');
  });

  it('what user code prints is a line of the log, however it is printed, and harms no reply', async () => {
    const pool = open({ command: [process.execPath, PROGRAM] });
    const lines = record(pool, 'log');
    for (let i = 0; i < 3; i++) expect(text(await pool.run(`${i}`, { handler: 'print' }))).toBe(`${i}`);
    await pool.close();
    const printed = lines.flatMap(({ line }) => (line.startsWith('by ') ? [line.trim()] : [])).toSorted();
    expect(printed).toEqual(['by child', 'by console', 'by descriptor'].flatMap((line) => [line, line, line]));
  });

  it('a worker that is idle leaves by the end of its channel, with its hook and exit code 0', async () => {
    const pool = open({ command: [process.execPath, PROGRAM] });
    const lines = record(pool, 'log');
    const exits = record(pool, 'worker-exit');
    await pool.ready();
    await pool.close();
    expect(exits).toMatchObject([{ reason: 'closing', exit: { exitCode: 0, signal: null } }]);
    expect(lines.map(({ line }) => line)).toContain('closed');
  });

  it('a worker that spins is ended by force after its time, which is told as the signal that other systems have', async () => {
    const pool = open({ command: [process.execPath, PROGRAM], killGrace: 500 });
    await pool.ready();
    const exit = next(pool, 'worker-exit');
    expect(await errorOf(pool.run('', { handler: 'spin', timeout: 300 }))).toMatchObject({ code: 'ERR_TASK_TIMEOUT' });
    expect(await exit).toMatchObject({
      reason: 'timeout',
      exit: { exitCode: null, signal: expect.stringMatching(/^SIG(TERM|KILL)$/) },
    });
    expect(text(await pool.run('after'))).toBe('after');
  });

  it('the worker whose task died is the only one to blame, by its ledger', async () => {
    const pool = open({ command: [process.execPath, PROGRAM] });
    await pool.ready();
    const replies = Array.from({ length: 40 }, (_, n) => pool.run(`${n}`, { handler: n === 20 ? 'exit' : 'default' }));
    const outcomes = await Promise.allSettled(replies);
    const failed = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
    expect(failed).toEqual([20]);
    expect(outcomes[20]).toMatchObject({
      reason: { code: 'ERR_WORKER_CRASHED', started: true, exit: { exitCode: 7 } },
    });
  });

  it.skipIf(nodeOs().addonPath === undefined)(
    'nothing is left of a program that is killed with -9: its workers, their children and grandchildren (needs the addon)',
    async () => {
      const host = spawn(process.execPath, [HOST], { stdio: ['ignore', 'pipe', 'inherit'] });
      hosts.push(host);
      const [line] = (await once(host.stdout.setEncoding('utf8'), 'data')) as [string];
      const pids = line.trim().split(' ').map(Number);
      expect(pids).toHaveLength(6);
      expect(pids.map(isAlive)).toEqual(pids.map(() => true));
      host.kill('SIGKILL');
      await once(host, 'exit');
      await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 20_000 });
    },
  );
});

/** Under Wine, the folder of Node is in no PATH. */
function pathToNode(): string {
  const folder = process.execPath.slice(0, -'node'.length - (WINDOWS ? '.exe'.length : 0) - 1);
  return WINDOWS ? `C:\\windows\\system32;${folder}` : `/usr/bin:/bin:${folder}`;
}
