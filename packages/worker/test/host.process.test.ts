import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FrameType } from '@ostler/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { fixture, task, WorkerProcess } from './support/worker-process.js';

const open: WorkerProcess[] = [];
afterEach(async () => {
  for (const worker of open.splice(0)) await worker[Symbol.asyncDispose]();
});

async function start(name: string, initData?: unknown): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start(pathToFileURL(fixture(name)), { initData });
  open.push(worker);
  return worker;
}

async function failedStart(module: string | URL) {
  const worker = new WorkerProcess(module instanceof URL ? module : pathToFileURL(fixture(module)));
  open.push(worker);
  await worker.message(FrameType.hello, 0);
  worker.welcome();
  const error = await worker.failure(0);
  expect(await worker.exit()).toBe(1);
  expect(worker.stderr).toContain(error.message);
  return error;
}

describe('a module', () => {
  test('is a worker by its exports', async () => {
    const worker = await start('exports.js', { a: 1 });
    worker.send(task(1, 'default', 'x'), task(2, 'upper', 'x'), task(3, 'initData'), task(4, 'where'));
    await worker.reply(4);
    expect(worker.frames.filter(({ type }) => type === FrameType.result).map(({ text }) => text)).toEqual([
      'default got x',
      'X',
      '{"a":1}',
      '[]',
    ]);
  });

  test('that calls serve() is what it makes of itself', async () => {
    const worker = await start('busy.js');
    worker.send(task(1, 'echo', 'x'));
    expect(await worker.reply(1)).toBe('x');
  });

  test('may be CommonJS', async () => {
    const worker = await start('common.cjs');
    worker.send(task(1, 'upper', 'x'));
    expect(await worker.reply(1)).toBe('X');
  });
});

test('TypeScript runs by the tsx of its own project', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ostler-worker-'));
  try {
    await writeFakeTsx(join(folder, 'node_modules', 'tsx'));
    await copyFile(fixture('typed.ts'), join(folder, 'typed.ts'));
    const worker = await WorkerProcess.start(pathToFileURL(join(folder, 'typed.ts')));
    open.push(worker);
    worker.send(task(1, 'greet', 'ann'));
    expect(await worker.reply(1)).toBe('hello ann');
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('a start that fails', () => {
  test('names the exports of a module without functions', async () => {
    const { message } = await failedStart('no-functions.js');
    expect(message).toMatch(/no-functions\.js is no worker: .* only answer \(number\)$/);
  });

  test('has the error of a module that throws', async () => {
    expect((await failedStart(new URL("data:text/javascript,throw new Error('cannot be loaded')"))).message).toBe(
      'cannot be loaded',
    );
  });

  test('has the error of a module that cannot be parsed', async () => {
    expect((await failedStart(new URL('data:text/javascript,const x = ;'))).name).toBe('SyntaxError');
  });

  test('has the path of a module that is not there', async () => {
    expect((await failedStart('nowhere.js')).message).toContain('nowhere.js');
  });

  test.skipIf('typescript' in process.features)(
    'says what TypeScript needs where Node cannot run it (needs such a Node)',
    async () => {
      expect((await failedStart('typed.ts')).message).toMatch(/cannot run .*typed\.ts: compile it, or install tsx/);
    },
  );
});

/** A package that does to Node what tsx does, for the types of one fixture. */
async function writeFakeTsx(folder: string): Promise<void> {
  const hooks = `
    import { readFile } from 'node:fs/promises';
    export async function load(url, context, next) {
      if (!url.endsWith('.ts')) return next(url, context);
      const source = (await readFile(new URL(url), 'utf8')).replaceAll(': string', '');
      return { format: 'module', shortCircuit: true, source };
    }`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "tsx", "exports": "./loader.mjs" }');
  await writeFile(
    join(folder, 'loader.mjs'),
    "import { register } from 'node:module'; register('./hooks.mjs', import.meta.url);",
  );
  await writeFile(join(folder, 'hooks.mjs'), hooks);
}
