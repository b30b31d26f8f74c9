import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type PoolOptions, ProcessPool } from '@ostler/pool';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findPython } from './find-python.js';

const python = findPython();
const TESTS = fileURLToPath(new URL('.', import.meta.url));
const SDK = fileURLToPath(new URL('..', import.meta.url));
const pools: ProcessPool[] = [];

interface Fork {
  readonly pid: number;
  readonly calls: number;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

/** A pool of `python -m ostler_worker …`, which imports from the folder of the tests. */
function open(targets: readonly string[], options: Partial<PoolOptions> = {}): ProcessPool {
  const command = [python as string, '-B', '-m', 'ostler_worker', ...targets] as const;
  const pool = new ProcessPool({
    command,
    cwd: TESTS,
    env: { PYTHONPATH: SDK },
    maxWorkers: 1,
    output: 'event',
    ...options,
  });
  pools.push(pool);
  return pool;
}

describe.skipIf(python === undefined)('a pool of functions in Python (needs python3 3.9 or newer)', () => {
  it('calls what was never written for a pool', async () => {
    const pool = open(['importable:Counter', 'importable:shout'], { initData: 5 });
    expect(await pool.call('add', 2)).toBe(7);
    expect(await pool.call('add', 2)).toBe(9);
    expect(new TextDecoder().decode(await pool.run('hi', { handler: 'shout' }))).toBe('HI');
  });

  it('says in one line which module was not there, where it was looked for, and in which interpreter', async () => {
    const pool = open(['thumbs:resize']);
    const error = await pool.ready().catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', phase: 'init' });
    expect(error?.message).toContain("failed: LoadError: cannot import thumbs: No module named 'thumbs'; interpreter ");
    const { executable, version } = JSON.parse(
      execFileSync(python as string, [
        '-c',
        'import json, sys, platform; print(json.dumps({"executable": sys.executable, "version": platform.python_version()}))',
      ]).toString(),
    ) as { executable: string; version: string };
    expect(error?.message).toContain(`interpreter ${executable} (cpython ${version}); sys.path is ${SDK}test, `);
  });

  it('shows how it is called where the command line makes no sense', async () => {
    const error = await open(['thumbs'])
      .ready()
      .catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', phase: 'handshake', exit: { exitCode: 2 } });
    expect((error as { stderrTail?: string }).stderrTail).toContain("got 'thumbs'");
  });

  it('gives each task a process of its own with --fork, and tells how one has died', async () => {
    const pool = open(['--fork', 'handlers:whoami', 'handlers:die', 'handlers:vanish', 'handlers:wait'], {
      maxWorkers: 2,
    });
    const seen = (await Promise.all(Array.from({ length: 20 }, () => pool.call('whoami', 0)))) as Fork[];
    expect(new Set(seen.map(({ pid }) => pid)).size).toBe(20);
    expect(seen.every(({ calls }) => calls === 1)).toBe(true);
    const crashed = { code: 'ERR_WORKER_CRASHED', started: true };
    await expect(pool.run('11', { handler: 'die' })).rejects.toMatchObject({ ...crashed, exit: { signal: 'SIGSEGV' } });
    await expect(pool.run('', { handler: 'vanish' })).rejects.toMatchObject({ ...crashed, exit: { exitCode: 5 } });
    const caller = new AbortController();
    const waiting = pool.run('', { handler: 'wait', signal: caller.signal, onProgress: () => caller.abort() });
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_TASK_ABORTED', started: true });
    expect(((await pool.call('whoami', 0)) as Fork).calls).toBe(1);
    expect(pool.stats().crashes).toBe(2);
  });

  it('ends a fork that heeds nothing when its caller has gone', async () => {
    const pool = open(['--fork', 'handlers:wait_deaf', 'handlers:whoami'], { killGrace: 200 });
    const caller = new AbortController();
    let pid = 0;
    const onProgress = (value: unknown) => {
      pid = value as number;
      caller.abort();
    };
    const aborted = { code: 'ERR_TASK_ABORTED', started: true };
    await expect(pool.run('', { signal: caller.signal, onProgress })).rejects.toMatchObject(aborted);
    expect(((await pool.call('whoami', 0)) as Fork).calls).toBe(1);
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 30_000);
  });

  it('keeps every reply in its place whatever prints: user code, a native library, a child process', async () => {
    const pool = open(['handlers:talk_raw', 'importable:shout']);
    const lines: string[] = [];
    pool.on('log', ({ line }) => lines.push(line));
    for (let round = 0; round < 3; round++) {
      expect(new TextDecoder().decode(await pool.run('x'))).toBe('0');
      expect(new TextDecoder().decode(await pool.run(`r${round}`, { handler: 'shout' }))).toBe(`R${round}`);
    }
    await pool.close();
    for (const line of ['captured', 'raw', 'native', "child got ''", 'child']) {
      expect(lines.filter((printed) => printed === line)).toHaveLength(3);
    }
  });
});
