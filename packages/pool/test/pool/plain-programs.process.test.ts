import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessPool } from '@ostler/pool';
import { afterEach, describe, expect, it } from 'vitest';
import { errorOf, next, open, record, tellsUse, text, until } from './support.js';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ostler-plain-'));
  folders.push(folder);
  return folder;
}

/** A program in Node that is no worker. */
function program(source: string, ...args: string[]): [string, ...string[]] {
  return [process.execPath, '-e', source, ...args];
}

/** A filter: answers each line with what `answer`, the body of a function of `line`, returns. */
function filter(answer: string): [string, ...string[]] {
  return program(
    `require('readline').createInterface({ input: process.stdin }).on('line', (line) => process.stdout.write((() => { ${answer} })()));`,
  );
}

/** Gives its input back, byte by byte. */
const ECHO = program('process.stdin.pipe(process.stdout)');
/** As `sed -u 's/^/> /'`, which Windows does not have. */
const QUOTE =
  process.platform === 'win32'
    ? filter('return "> " + line + "\\n"')
    : (['sed', '-u', 's/^/> /'] as [string, ...string[]]);

describe('a program that answers a line with a line', () => {
  const lines = { protocol: 'lines' } as const;

  it('serves many tasks, one after the other', async () => {
    const pool = open({ ...lines, command: QUOTE, maxWorkers: 2 });
    await pool.ready();
    const bodies = Array.from({ length: 500 }, (_, i) => `line ${i}`);
    const outcomes = await pool.runMany(bodies);
    expect(outcomes.map((each) => (each.status === 'fulfilled' ? text(each.value) : each.reason))).toEqual(
      bodies.map((body) => `> ${body}`),
    );
    expect(pool.stats().started).toBeLessThanOrEqual(2);
  });

  it('gets values as JSON', async () => {
    const pool = open({ ...lines, command: filter('return JSON.stringify({ got: JSON.parse(line) }) + "\\n"') });
    expect(await pool.call('default', { a: [1, 'two\n'] })).toEqual({ got: { a: [1, 'two\n'] } });
    const refused = await errorOf(pool.call('default', { bytes: new Uint8Array(2) }));
    expect(refused).toMatchObject({ code: 'ERR_TASK_FAILED', remote: { name: 'NotSupportedError' } });
  });

  it.skipIf(!tellsUse)('tells of one that holds its answers back (needs /proc or the addon)', async () => {
    const pool = open({ ...lines, command: program(`require('fs').readFileSync(0)`) });
    const warned = next(pool, 'warning');
    const answer = errorOf(pool.run('x'));
    expect(await warned).toMatchObject({ message: expect.stringContaining('stdbuf -oL'), code: 'ERR_PROTOCOL' });
    await pool.destroy();
    expect(await answer).toMatchObject({ code: 'ERR_POOL_CLOSED' });
  });

  it('answers with any bytes, an empty line and a long one too', async () => {
    const pool = open({ ...lines, command: ECHO });
    const odd = Uint8Array.of(0, 255, 0xc3, 13, 200);
    expect(await pool.run(odd)).toEqual(odd);
    expect(text(await pool.run(''))).toBe('');
    const long = 'a'.repeat(300_000);
    expect(text(await pool.run(long))).toBe(long);
  });

  it('is given one line at a time, and has only one handler', async () => {
    const pool = open({ ...lines, command: ECHO });
    const twoLines = await errorOf(pool.run('one\ntwo'));
    expect(twoLines).toMatchObject({ code: 'ERR_TASK_FAILED', remote: { name: 'NotALineError' } });
    expect(twoLines.message).toMatch(/character 3 of this one is a line feed/);
    const named = await errorOf(pool.run('one', { handler: 'upper' }));
    expect(named).toMatchObject({ remote: { name: 'HandlerNotFoundError', data: { known: ['default'] } } });
    expect(text(await pool.run('three'))).toBe('three');
    expect(pool.stats().started).toBe(1);
  });

  it('loses its task, and the next is served by another, when it answers with two lines', async () => {
    const command = filter('return line === "two" ? "1\\n2\\n" : line + "\\n"');
    const pool = open({ ...lines, command });
    const [one, two, three] = await pool.runMany(['one', 'two', 'three']);
    expect(one).toMatchObject({ status: 'fulfilled' });
    expect(two).toMatchObject({
      status: 'rejected',
      reason: { code: 'ERR_PROTOCOL', side: 'worker', excerpt: '2\\x0a' },
    });
    expect(three?.status === 'fulfilled' && text(three.value)).toBe('three');
  });

  it('is replaced when it prints what no task asked for', async () => {
    const command = program(
      `process.stdin.on('data', (data) => { process.stdout.write(data); setTimeout(() => process.stdout.write('one more\\n'), 20); });`,
    );
    const pool = open({ ...lines, command });
    const warned = next(pool, 'warning');
    const left = next(pool, 'worker-exit');
    expect(text(await pool.run('one'))).toBe('one');
    expect(await left).toMatchObject({ reason: 'protocol-error' });
    expect((await warned).message).toMatch(/printed although it had no line to answer.*found there: one more/);
  });

  it.skipIf(!tellsUse)(
    'can not be a program that prints before it was given a line (needs /proc or the addon)',
    async () => {
      const pool = open({ ...lines, command: program(`console.log('Welcome!'); process.stdin.resume()`) });
      const error = await errorOf(pool.run('one'));
      expect(error).toMatchObject({ code: 'ERR_WORKER_START' });
      expect(error.message).toMatch(/it printed before it was given any: Welcome!/);
    },
  );

  it.skipIf(!tellsUse)('that ends before its first line says how (needs /proc or the addon)', async () => {
    const pool = open({ ...lines, command: program(`console.error('no licence'); process.exitCode = 4`) });
    const error = await errorOf(pool.ready());
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', exit: { exitCode: 4 } });
    expect(error.message).toMatch(/exited with code 4.*no licence/);
  });

  it('crashes without harm to others', async () => {
    const pool = open({ ...lines, command: filter('if (line === "die") process.exit(5); return line + "\\n"') });
    const [dead, alive] = await pool.runMany(['die', 'live']);
    expect(dead).toMatchObject({ reason: { code: 'ERR_WORKER_CRASHED', exit: { exitCode: 5 } } });
    expect(alive).toMatchObject({ status: 'fulfilled' });
  });

  it('that answers nothing is ended by the time-out of its task', async () => {
    const pool = open({ ...lines, command: filter('return line === "x" ? "x\\n" : ""'), killGrace: 100 });
    expect(await errorOf(pool.run('a', { timeout: 300 }))).toMatchObject({ code: 'ERR_TASK_TIMEOUT', phase: 'run' });
    expect(text(await pool.run('x'))).toBe('x');
  });

  it('whose answer is over the limit is told so, and lives on', async () => {
    const pool = open({
      ...lines,
      command: filter('return line.repeat(Number(line)) + "\\n"'),
      maxBodySize: '1KiB',
    });
    expect(await errorOf(pool.run('9999'))).toMatchObject({ code: 'ERR_BODY_TOO_LARGE', direction: 'reply' });
    expect(text(await pool.run('2'))).toBe('22');
    expect(pool.stats().started).toBe(1);
  });
});

describe('a program that is run once for each task', () => {
  const exec = { protocol: 'exec' } as const;
  const UPPER = program(
    `process.stdin.setEncoding('utf8').on('data', (text) => process.stdout.write(text.toUpperCase()))`,
  );
  const READ = program(`process.stdout.write(require('fs').readFileSync(process.argv[1]))`, '{}');

  it('takes the body from stdin, and gives the reply on stdout', async () => {
    const pool = open({ ...exec, command: UPPER, maxWorkers: 2 });
    await pool.ready();
    expect(pool.stats().workerList.map(({ pid }) => pid)).toEqual([0]);
    const exits = record(pool, 'worker-exit');
    expect(text(await pool.run('hello\nworld'))).toBe('HELLO\nWORLD');
    const outcomes = await pool.runMany(['a', 'b', '', 'd']);
    expect(outcomes.map((each) => (each.status === 'fulfilled' ? text(each.value) : each.reason))).toEqual([
      'A',
      'B',
      '',
      'D',
    ]);
    await until(pool, 'worker-exit', () => exits.length === 5);
    expect(new Set(exits.map(({ exit }) => exit.pid)).size).toBe(5);
  });

  it('gets the input as an argument where the command has a place for it', async () => {
    const folder = await scratch();
    const file = join(folder, 'some file.tar.gz');
    await writeFile(file, 'content');
    const command = program(
      `console.log(process.argv.slice(1).join('|'))`,
      '{}',
      '{.}',
      '{/}',
      '{//}',
      '{%}',
      '{{}',
      '{x}',
    );
    const pool = open({ ...exec, command });
    const words = text(await pool.run(file))
      .trimEnd()
      .split('|');
    expect(words).toEqual([file, join(folder, 'some file.tar'), 'some file.tar.gz', folder, '0', '{}', '{x}']);
    expect(text(await open({ ...exec, command: READ }).run(file))).toBe('content');
  });

  it('fails its task by its exit code, and says why', async () => {
    const pool = open({ ...exec, command: program(`console.error('no such page'); process.exitCode = 3`) });
    const error = await errorOf(pool.run('x'));
    expect(error).toMatchObject({
      code: 'ERR_TASK_FAILED',
      remote: { name: 'ExitCodeError', data: { exitCode: 3, stderrTail: 'no such page\n' } },
    });
    expect(error.message).toMatch(/exit code 3: no such page/);
    expect(pool.stats()).toMatchObject({ crashes: 0, tasks: { failed: 1 } });
  });

  it.skipIf(process.platform === 'win32')('crashes when a signal ends it (needs POSIX)', async () => {
    const pool = open({ ...exec, command: program(`process.kill(process.pid, 'SIGKILL')`) });
    expect(await errorOf(pool.run('x'))).toMatchObject({ code: 'ERR_WORKER_CRASHED', exit: { signal: 'SIGKILL' } });
  });

  it('that does not exist is named', async () => {
    const pool = open({ ...exec, command: ['no-such-program', '{}'] });
    const error = await errorOf(pool.run('x'));
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', phase: 'spawn' });
    expect(error.message).toMatch(/no-such-program/);
    expect(pool.stats()).toMatchObject({ queue: { size: 0 }, tasks: { running: 0 } });
  });

  it('is killed with all that it has started when its time is over, or its caller gives up', async () => {
    const pool = open({
      ...exec,
      command: program('setTimeout(() => {}, process.argv[1] * 1_000)', '{}'),
      killGrace: 100,
    });
    expect(await errorOf(pool.run('600', { timeout: 100 }))).toMatchObject({ code: 'ERR_TASK_TIMEOUT' });
    const controller = new AbortController();
    const started = next(pool, 'worker-start');
    const run = pool.run('601', { signal: controller.signal });
    await started;
    controller.abort();
    expect(await errorOf(run)).toMatchObject({ code: 'ERR_TASK_ABORTED' });
    expect(text(await pool.run('0'))).toBe('');
  });

  it('may ignore its input', async () => {
    const pool = open({ ...exec, command: program('') });
    expect(text(await pool.run('x'.repeat(1_000_000)))).toBe('');
  });

  it('is ended when it prints more than a reply may have', async () => {
    const pool = open({
      ...exec,
      command: program(`const more = () => process.stdout.write('yes'.repeat(1_000), more); more()`),
      maxBodySize: '64KiB',
      killGrace: 100,
    });
    const left = next(pool, 'worker-exit');
    expect(await errorOf(pool.run('x'))).toMatchObject({ code: 'ERR_BODY_TOO_LARGE', limit: 65_536 });
    await left;
  });

  it('is tried again where that was asked for', async () => {
    const file = join(await scratch(), 'tries');
    const source = `require('fs').appendFileSync(process.argv[1], '.'); process.exitCode = require('fs').statSync(process.argv[1]).size < 3 ? 1 : 0`;
    const pool = open({ ...exec, command: program(source, '{}'), retries: { attempts: 5, on: ['failure'] } });
    await pool.run(file);
    expect(await readFile(file, 'utf8')).toBe('...');
  });

  it.each([
    [Uint8Array.of(0x66, 0xff), /is not UTF-8/],
    ['a\0b', /character 1 is a NUL/],
  ])('refuses an input that can be no argument: %j', async (body, message) => {
    const pool = open({ ...exec, command: program('console.log(process.argv[1])', '{}') });
    expect((await errorOf(pool.run(body))).message).toMatch(message);
    expect(text(await pool.run('fine'))).toBe('fine\n');
  });

  it('runs as many at once as there are workers, each with a slot of its own', async () => {
    const pool = open({ ...exec, command: program(`console.log('{%}')`), maxWorkers: 3 });
    const outcomes = await pool.runMany(Array.from({ length: 12 }, String));
    const slots = outcomes.map((each) => (each.status === 'fulfilled' ? Number(text(each.value)) : -1));
    expect(Math.min(...slots)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...slots)).toBeLessThan(3);
  });

  it('lets the pool close, with what is running finished', async () => {
    const pool: ProcessPool = open({ ...exec, command: ECHO, maxWorkers: 2 });
    const runs = ['a', 'b', 'c'].map((body) => pool.run(body));
    await pool.close();
    expect((await Promise.all(runs)).map(text)).toEqual(['a', 'b', 'c']);
  });
});
