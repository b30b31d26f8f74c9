import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PoolOptions, ProcessPool } from '@ostler/pool';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InspectorClient } from './inspector-client.js';
import { errorOf, isAlive, next, open, record, text, until, WORKER } from './support.js';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ostler-dev-')));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes the worker's file: its handler answers with this number. */
function save(version: number, name = 'mine.mjs'): string {
  return saveText(`import { answer } from './answer.mjs'; export default () => String(answer + ${version});`, name);
}

function saveText(source: string, name = 'mine.mjs'): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

/** A pool that watches its worker's file, which imports another one. */
async function watching(options: Partial<PoolOptions> = {}): Promise<ProcessPool> {
  saveText('export const answer = 0;', 'answer.mjs');
  const pool = open({ worker: save(1), dev: { watch: true }, ...options });
  await pool.ready();
  return pool;
}

async function replaced(pool: ProcessPool, count: number): Promise<void> {
  await until(pool, 'worker-exit', () => pool.stats().retired.replaced === count);
}

describe('with dev.watch', () => {
  it('workers are replaced when their file changes, and no task is lost', async () => {
    const pool = await watching({ minWorkers: 2, maxWorkers: 2 });
    let isOver = false;
    const load = Array.from({ length: 4 }, async () => {
      const replies = new Set<string>();
      while (!isOver) replies.add(text(await pool.run('')));
      return replies;
    });
    save(2);
    await replaced(pool, 2);
    expect(text(await pool.run(''))).toBe('2');
    isOver = true;
    for (const replies of await Promise.all(load)) expect([...replies].toSorted()).toEqual(['1', '2']);
    expect(pool.stats()).toMatchObject({ crashes: 0, tasks: { failed: 0, crashed: 0 } });
  });

  it('and when a file beside it does', async () => {
    const pool = await watching();
    saveText('export const answer = 40;', 'answer.mjs');
    await replaced(pool, 1);
    expect(text(await pool.run(''))).toBe('41');
  });

  it('a file that has an error keeps the workers of before, until the next one that has none', async () => {
    const pool = await watching();
    const warnings = record(pool, 'warning');
    const lines = record(pool, 'log');
    saveText('export default () => {{');
    await until(pool, 'warning', () => warnings.length === 1);
    expect(warnings[0]).toMatchObject({ code: 'ERR_WORKER_START', phase: 'init' });
    expect(warnings[0]?.message).toMatch(
      /^mine: nothing is replaced, as the changed files make no worker: the init of worker pid \d+ failed: SyntaxError/,
    );
    expect(lines.map(({ line }) => line).join('\n')).toContain(`mine.mjs:1\nexport default () => {{`);
    expect(text(await pool.run(''))).toBe('1');
    expect(pool.stats()).toMatchObject({ started: 1, workers: { total: 1 }, retired: { replaced: 0 } });

    saveText('process.exit(3)');
    await until(pool, 'warning', () => warnings.length === 2);
    expect(warnings[1]?.message).toContain('exited with code 3');
    save(2);
    await replaced(pool, 1);
    expect(text(await pool.run(''))).toBe('2');
    expect(warnings).toHaveLength(2);
  });

  it('a file that was wrong from the beginning goes live when it is right', async () => {
    saveText('export const answer = 0;', 'answer.mjs');
    const pool = open({ worker: saveText('throw new Error("not yet")'), dev: { watch: true } });
    await errorOf(pool.ready());
    const ready = next(pool, 'worker-ready');
    save(2);
    await Promise.all([ready, pool.run('').catch(() => {})]);
    expect(text(await pool.run(''))).toBe('2');
  });

  it('the pool ends while a changed file is tried, and leaves nothing', async () => {
    const pool = await watching();
    const said = next(pool, 'log');
    saveText('console.error(process.pid); setInterval(() => {}, 1e6); await new Promise(() => {});');
    const pid = Number((await said).line);
    expect(isAlive(pid)).toBe(true);
    await pool.close();
    expect(isAlive(pid)).toBe(false);
  });

  it('a program that is started as a command is replaced as well', async () => {
    const serve = JSON.stringify(import.meta.resolve('@ostler/worker'));
    const source = (version: number): string =>
      `import { serve } from ${serve}; serve({ default: () => '${version}' });`;
    const command = [process.execPath, saveText(source(1), 'main.mjs')] as const;
    const pool = open({ command, dev: { watch: true } });
    expect(text(await pool.run(''))).toBe('1');
    saveText(source(2), 'main.mjs');
    await replaced(pool, 1);
    expect(text(await pool.run(''))).toBe('2');
  });
});

const DEBUGGER = /^debugger: (ws:\/\/(127\.0\.0\.1:\d+)\/\S+) \(in Chrome: chrome:\/\/inspect, Configure…, add \2/;

async function debuggerOf(pool: ProcessPool): Promise<InspectorClient> {
  const lines = record(pool, 'log');
  const url = (): string | undefined => lines.map(({ line }) => DEBUGGER.exec(line)?.[1]).find(Boolean);
  await until(pool, 'log', () => url() !== undefined);
  return InspectorClient.connect(url() as string);
}

/** A program that is not called node. Its HELLO never comes. */
const OTHER: readonly [string, ...string[]] = process.platform === 'win32' ? ['cmd', '/d', '/q'] : ['sh', '-c', 'cat'];

describe('with dev.inspect', () => {
  it('a worker that a debugger has stopped is left alone, whatever the time-outs say', async () => {
    const pool = open({ taskTimeout: 1, queueTimeout: 1, killGrace: 1, maxWorkers: 4, dev: { inspect: true } });
    const client = await debuggerOf(pool);
    try {
      await pool.ready();
      await client.call('Debugger.enable');
      const stopped = client.event('Debugger.paused');
      await client.call('Debugger.pause');
      const replies = Array.from({ length: 3 }, (_, index) => pool.run(`${index}`, { timeout: 1, queueTimeout: 1 }));
      await stopped;
      const abort = new AbortController();
      const given = errorOf(pool.run('given up', { signal: abort.signal }));
      abort.abort();
      expect(await given).toMatchObject({ code: 'ERR_TASK_ABORTED' });
      await client.call('Debugger.disable');
      expect((await Promise.all(replies)).map(text)).toEqual(['0', '1', '2']);
      pool.resize({ minWorkers: 3, maxWorkers: 3 });
      expect(pool.stats()).toMatchObject({ started: 1, workers: { total: 1 }, tasks: { timedOut: 0 } });
    } finally {
      client[Symbol.dispose]();
    }
  });

  it("'brk' waits for a debugger before the first line of the worker", async () => {
    const pool = open({ startTimeout: 1, dev: { inspect: 'brk' } });
    const client = await debuggerOf(pool);
    try {
      expect(pool.stats().workers.starting).toBe(1);
      await client.call('Debugger.enable');
      const stopped = client.event('Debugger.paused');
      await client.call('Runtime.runIfWaitingForDebugger');
      await stopped;
      await client.call('Debugger.resume');
      expect(text(await pool.run('on'))).toBe('on');
    } finally {
      client[Symbol.dispose]();
    }
  });

  it('a command of node gets an inspector too, whatever the environment says of another one', async () => {
    const host = fileURLToPath(import.meta.resolve('@ostler/worker/host'));
    const command = [process.execPath, host, WORKER.href] as const;
    const pool = open({ command, env: { NODE_OPTIONS: '--inspect=9' }, dev: { inspect: true } });
    const client = await debuggerOf(pool);
    client[Symbol.dispose]();
    expect(text(await pool.run('x'))).toBe('x');
  });

  it('a program that is not node has a warning for who sits before it: by the event, or else on stderr', async () => {
    const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const options = { command: OTHER, dev: { inspect: true } } as const;
      const warning = expect.stringContaining(`dev.inspect: the inspector is Node's, and ${OTHER[0]} is not node`);
      expect(await next(open(options), 'warning')).toMatchObject({ code: 'ERR_INVALID_OPTION', message: warning });
      expect(printed).not.toHaveBeenCalled();
      const silent = open(options);
      await next(silent, 'worker-start');
      expect(printed).toHaveBeenCalledWith(expect.stringMatching(/^\[(sh|cmd)\] dev\.inspect: .*docs\/recipes\.md/));
    } finally {
      printed.mockRestore();
    }
  });

  it('a change is tried without a debugger, and replaces the one worker', async () => {
    const pool = await watching({ dev: { inspect: true, watch: true } });
    const lines = record(pool, 'log');
    save(2);
    await replaced(pool, 1);
    expect(text(await pool.run(''))).toBe('2');
    expect(lines.filter(({ line }) => DEBUGGER.test(line))).toHaveLength(1);
  });
});
