import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, open, text } from './support.js';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ostler-worker-file-')));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(source: string, name = 'mine.mjs'): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

const SERVE = JSON.stringify(import.meta.resolve('@ostler/worker'));
/** Without these, Windows itself works badly: Node adds them to every environment. */
const OF_WINDOWS = new Set(
  process.platform === 'win32'
    ? 'HOMEDRIVE HOMEPATH LOGONSERVER PATH SYSTEMDRIVE SYSTEMROOT TEMP USERDOMAIN USERNAME USERPROFILE WINDIR'.split(
        ' ',
      )
    : [],
);
/** Wine adds its own. */
const OF_WINE = process.env.OSTLER_WINE ? /^WINE/ : /^$/;
const ECHO = 'export default (body) => body;';
const LOOK = `
  export const look = () => ({ cwd: process.cwd(), flags: process.execArgv, env: { ...process.env } });
  export default (body) => body;`;

/** What is neither of Ostler nor of Windows itself. */
function withoutOwn(env: Record<string, string>): Record<string, string> {
  const own = /^OSTLER_(CHANNEL|LEDGER|SLOT|WORKER_ID|POOL)$/;
  const others = Object.entries(env).filter(
    ([name]) => !own.test(name) && !OF_WINDOWS.has(name.toUpperCase()) && !OF_WINE.test(name),
  );
  return Object.fromEntries(others);
}

describe('a worker file', () => {
  it('may export its handlers, and is named in all that is told of it', async () => {
    const pool = open({ worker: file('export const no = () => { throw new Error("no"); };') });
    const error = await errorOf(pool.run('', { handler: 'no' }));
    expect(error.message).toMatch(/^mine: task 1 \(handler 'no'\) failed in worker pid \d+: Error: no$/);
    const unknown = await errorOf(pool.run(''));
    expect(unknown).toMatchObject({ remote: { name: 'HandlerNotFoundError' } });
    expect(unknown.message).toContain('no');
  });

  it('may be CommonJS', async () => {
    const pool = open({ worker: file('module.exports = { default: () => require("node:path").sep };', 'mine.cjs') });
    expect(text(await pool.run(''))).toBe(sep);
  });

  it('may call serve() itself, with hooks for the first and the last moment', async () => {
    const worker = file(`
      import { serve } from ${SERVE};
      let warmed;
      serve(
        { default: () => warmed },
        { init: async (data) => { warmed = await Promise.resolve('warmed with ' + data); }, close: () => console.log('bye') },
      );`);
    const pool = open({ worker, initData: 'tea' });
    const lines: string[] = [];
    pool.on('log', ({ line }) => lines.push(line));
    expect(text(await pool.run(''))).toBe('warmed with tea');
    await pool.close();
    expect(lines).toEqual(['bye']);
  });

  it('runs with the flags, the folder and the environment that it is given, and nothing else', async () => {
    process.env.OSTLER_TEST_INHERITED = 'ours';
    try {
      const pool = open({
        worker: file(LOOK),
        execArgv: ['--expose-gc'],
        cwd: pathToFileURL(folder),
        inheritEnv: ['OSTLER_TEST_INHERITED'],
        env: { ADDED: 'slot {slot}' },
      });
      const { cwd, flags, env } = await pool.call('look', null);
      expect(cwd).toBe(folder);
      expect(flags).toEqual(['--expose-gc', '--enable-source-maps']);
      expect(withoutOwn(env)).toEqual({ OSTLER_TEST_INHERITED: 'ours', ADDED: 'slot 0' });
      await pool.close(); // Windows keeps the folder that it is in
    } finally {
      delete process.env.OSTLER_TEST_INHERITED;
    }
  });

  it('inherits nothing at all where nothing is to be inherited', async () => {
    const pool = open({ worker: file(LOOK), inheritEnv: false });
    const { env } = await pool.call('look', null);
    expect(withoutOwn(env)).toEqual({});
    expect(env.OSTLER_POOL).toBe('mine');
  });

  it('in TypeScript is run, or refused with what it would need', async () => {
    const worker = file('export default (body: Uint8Array): Uint8Array => body;', 'typed.ts');
    if ('typescript' in process.features) expect(text(await open({ worker }).run('x'))).toBe('x');
    else expect(() => open({ worker })).toThrow(/cannot run .*typed\.ts: compile it, or install tsx/);
  });
});

describe('a worker file that does not work rejects the task and ready(), with what is wrong:', () => {
  it.each([
    ['a syntax error', 'export default (body) => {{ body;', 'init', /SyntaxError: .*/],
    [
      'an init that throws',
      `export const init = () => { throw new Error("no model"); }; ${ECHO}`,
      'init',
      /Error: no model/,
    ],
    ['an import that is missing', 'import "./nowhere.mjs";', 'init', /Cannot find module .*nowhere\.mjs/],
    ['an exit of its own', 'process.exit(9);', 'handshake', /exited with code 9/],
  ])('%s', async (_, source, phase, problem) => {
    const pool = open({ worker: file(source) });
    const ready = errorOf(pool.ready());
    for (const error of [await errorOf(pool.run('')), await ready]) {
      expect(error).toMatchObject({ code: 'ERR_WORKER_START', phase });
      expect(error.message).toMatch(problem);
      expect(error.message).toContain(pathToFileURL(join(folder, 'mine.mjs')).href);
    }
    expect(pool.stats()).toMatchObject({ workers: { total: 0 }, tasks: { submitted: 1, rejected: 1 }, crashes: 0 });
  });

  it('its init never ends', async () => {
    const pool = open({ worker: file(`export const init = () => new Promise(() => {}); ${ECHO}`), startTimeout: 500 });
    const error = await errorOf(pool.run(''));
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', exit: { signal: 'SIGKILL' } });
    expect(error.message).toMatch(/within startTimeout and was killed/);
  });

  it('until it is repaired: then the pool goes on', async () => {
    const pool = open({ worker: file('throw new Error("not finished")') });
    await errorOf(pool.run(''));
    file(ECHO);
    expect(text(await pool.run('works'))).toBe('works');
  });
});

describe('a command', () => {
  it('that is not executable is told at once', async () => {
    const path = file('#!/bin/sh\nexit 0\n', 'tool.bin');
    chmodSync(path, 0o644);
    const error = await errorOf(open({ command: [path] }).run(''));
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', phase: 'spawn', exit: { pid: 0 } });
    // Windows has no such permission, but looks into the file.
    expect(error.message).toMatch(
      /EACCES \(it is not executable|(ENOEXEC|EFTYPE) \(the system does not know its format|UNKNOWN/,
    );
  });

  it('in a folder that does not exist is told so', async () => {
    const error = await errorOf(open({ command: [process.execPath], cwd: join(folder, 'nowhere') }).run(''));
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', phase: 'spawn' });
    expect(error.message).toMatch(/the working directory .*nowhere does not exist/);
  });

  it('that is a plain program is told from a worker, by what it prints', async () => {
    const error = await errorOf(
      open({ command: [process.execPath, '-e', "console.log('usage: tool FILE'); process.exitCode = 2"] }).run(''),
    );
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', phase: 'handshake', exit: { exitCode: 2 } });
    expect(error.message).toMatch(/looks like a plain program, not an Ostler worker.*usage: tool FILE/);
  });

  it('that is a batch file is refused before anything is started', () => {
    const path = file('@echo off', 'tool.cmd');
    expect(() => open({ command: [path] })).toThrow(/is a batch file, which only a shell can run/);
  });
});
