import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type PoolOptions, ProcessPool } from '@ostler/pool';
import { afterEach, describe, expect, it } from 'vitest';
import { findPython } from './find-python.js';

const python = findPython();
const TESTS = fileURLToPath(new URL('.', import.meta.url));
const SDK = fileURLToPath(new URL('..', import.meta.url));
const pools: ProcessPool[] = [];

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
