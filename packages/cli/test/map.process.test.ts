import { readFile, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ostler, scratch, start, WORKER } from './ostler.js';

const worker = (...args: string[]) => ['--', process.execPath, WORKER, ...args];
/** Gives its input back; says its arguments. */
const ECHO = [process.execPath, '-e', 'process.stdin.pipe(process.stdout)'];
const SAY = [process.execPath, '-e', 'console.log(process.argv.slice(1).join())'];
/** Windows has no signals: a process that is killed from elsewhere has exit code 1, and nobody is asked to end. */
const WINDOWS = process.platform === 'win32';
const KILLED = WINDOWS ? 'exited with code 1' : 'SIGKILL';
const lines = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}`);
const text = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

describe('ostler map', () => {
  it('prints a reply per line, in order', async () => {
    const { status, stdout, stderr } = await ostler(['map', '-j', '2', ...worker()], text(lines(3000)));
    expect(stderr).toBe('');
    expect(stdout).toBe(text(lines(3000).map((line) => `<${line}>`)));
    expect(status).toBe(0);
  });

  it('takes words behind :::, a file, or pieces between NULs', async () => {
    expect((await ostler(['map', ...worker(), ':::', 'a b', 'c'])).stdout).toBe('<a b>\n<c>\n');
    const file = join(await scratch(), 'in');
    await writeFile(file, 'x\ny'); // the last line without its end
    expect((await ostler(['map', '--input', file, ...worker()])).stdout).toBe('<x>\n<y>\n');
    expect((await ostler(['map', '-0', ...worker()], 'a\nb\0c\0')).stdout).toBe('<a\nb>\n<c>\n');
  });

  it('reads the files that the lines name', async () => {
    const folder = await scratch();
    await writeFile(join(folder, 'one'), 'first');
    const names = text([join(folder, 'one'), join(folder, 'none')]);
    const { status, stdout, stderr } = await ostler(['map', '--files', ...worker()], names);
    expect(stdout).toBe('<first>\n\n');
    expect(stderr).toMatch(/1 failed:\n {2}2 .*none" {2}ENOENT/);
    expect(status).toBe(1);
  });

  it('goes on after failures, keeps their lines, and says at the end what failed and why', async () => {
    const { status, stdout, stderr } = await ostler(['map', ...worker()], text(['a', 'throw', 'die', 'b']));
    expect(stdout).toBe('<a>\n\n\n<b>\n');
    expect(stderr).toMatch(
      /^2 failed:\n {2}2 {2}"throw" {2}Error: out of cheese.*\n {2}3 {2}"die" {2}.*(SIGKILL|exited with code 1)/m,
    );
    expect(status).toBe(1);
    const skipped = await ostler(['map', '--on-fail', 'skip', '--tag', ...worker()], text(['a', 'throw', 'b']));
    expect(skipped.stdout).toBe('a\t<a>\nb\t<b>\n');
  });

  it('names the first twenty failures, and counts the rest', async () => {
    const { stderr } = await ostler(['map', ...worker()], text(lines(25).map(() => 'throw')));
    expect(stderr).toMatch(/^25 failed:\n(.*out of cheese\n){20} {2}… and 5 more\n$/);
  });

  it('tries again where it is told to', async () => {
    const record = join(await scratch(), 'record');
    const { status } = await ostler(['map', '--retries', '2', ...worker(record), ':::', 'throw']);
    expect(status).toBe(1);
    expect(await readFile(record, 'utf8')).toBe('throw\n'.repeat(3));
  });

  it('ends the intake at so many failures', async () => {
    const { status, stdout } = await ostler(
      ['map', '-j', '1', '--halt', 'now,fail=2', ...worker()],
      text(['a', 'throw', 'throw', 'wait', 'b']),
    );
    expect(stdout).toBe('<a>\n\n\n');
    expect(status).toBe(1);
  });

  it('ends a task that takes too long', async () => {
    const { status, stdout, stderr } = await ostler(['map', '--timeout', '300ms', ...worker()], text(['wait', 'a']));
    expect(stdout).toBe('\n<a>\n');
    expect(stderr).toMatch(/1 {2}"wait" .*300/);
    expect(status).toBe(1);
  });

  it('runs any program for each input', async () => {
    const log = join(await scratch(), 'log');
    const { status, stdout, stderr } = await ostler([
      'map',
      '--protocol',
      'exec',
      '--joblog',
      log,
      '--',
      process.execPath,
      '-e',
      'console.log("{#}:{}"); process.exitCode = {}',
      ':::',
      '0',
      '3',
    ]);
    expect(stdout).toBe('1:0\n\n');
    expect(stderr).toMatch(/2 {2}"3" {2}exit code 3/);
    expect(status).toBe(1);
    const [head, ...lines] = (await readFile(log, 'utf8')).trimEnd().split('\n');
    const [first, second] = lines.sort(); // they stand there in the order in which they ended
    expect(head).toBe('Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand');
    expect(first).toMatch(
      /^1\t:\t\d+\.\d{3}\t\d+\.\d{3}\t1\t4\t0\t0\t.* -e 'console.log\("1:0"\); process.exitCode = 0'$/,
    );
    expect(second).toMatch(/\t1\t0\t3\t0\t.* -e 'console.log\("2:3"\); process.exitCode = 3'$/);
  });

  it('keeps a filter warm', async () => {
    const { stdout } = await ostler(['map', '--protocol', 'lines', '--', ...ECHO], 'a\nca\n');
    expect(stdout).toBe('a\nca\n');
  });

  it('prints what it would run', async () => {
    const exec = ['map', '--dry-run', '--protocol', 'exec', '--', 'convert', '{}', '{.}.png', ':::', "it's.jpg"];
    expect((await ostler(exec)).stdout).toBe("convert 'it'\\''s.jpg' 'it'\\''s.png'\n");
    expect((await ostler(['map', '--dry-run', '--', './w', ':::', 'a b'])).stdout).toBe("./w <<< 'a b'\n");
  });

  it.each([
    ['frames', [process.execPath, fileURLToPath(new URL('../../testkit/fixtures/node/echo.js', import.meta.url))]],
    ['lines', ECHO],
    ['exec', ECHO],
  ])('hands over any bytes, and gives them back (%s)', async (protocol, command) => {
    const results = join(await scratch(), 'results.jsonl');
    const line = Buffer.from([0xe9, 0x00, 0xff, 0x80]);
    const flags = ['-j', '1', '--protocol', protocol, '--results', results];
    const { status } = await ostler(['map', ...flags, '--', ...command], Buffer.concat([line, Buffer.from('\nb\n')]));
    expect(status).toBe(0);
    const [first] = (await readFile(results, 'utf8')).split('\n');
    expect(JSON.parse(first as string)).toMatchObject({ seq: 1, value: { base64: line.toString('base64') } });
  });

  it('refuses a line that is no text where it goes into arguments, and goes on', async () => {
    const input = Buffer.from('a\n\u00e9\u00ff\nb\n', 'latin1');
    const { status, stdout, stderr } = await ostler(['map', '--protocol', 'exec', '--', ...SAY, '{.}'], input);
    expect(stdout).toBe('a\n\nb\n');
    expect(stderr).toMatch(/goes into arguments and is not UTF-8: byte 0 is 0xe9/);
    expect(status).toBe(1);
  });

  it.each([
    [['map'], /no command given/],
    [['map', '--halt', 'later', '--', 'x'], /--halt should be never, soon or now/],
    [['map', '-j', '0', '--', 'x'], /-j should be a whole number >= 1, got '0'/],
    [['map', '--resume', '--', 'x'], /--resume needs --results FILE/],
    [['map', '--input', '/no/such/file', '--', 'x'], /--input: ENOENT/],
    [['map', '--cpus', '1-', '--', 'x'], /--cpus should be a list like 0,2-4/],
    [['map', '--memory', 'much', '--', 'x'], /resources.memory/],
    [['map', '--protocol', 'json', '--', 'x'], /--protocol should be frames or lines or exec/],
    [['map', '--colour', '--', 'x'], /unknown option '--colour'/],
  ])('%j is refused', async (args, message) => {
    const { status, stderr } = await ostler(args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it('knows a plain program when it meets one', async () => {
    const { status, stdout, stderr } = await ostler(['map', '--', ...SAY, 'hello', ':::', 'a']);
    expect(stderr).toMatch(/^ostler: '.* hello' looks like a plain program: --protocol exec or lines\?\n/);
    expect(stdout).toBe('');
    expect(status).toBe(3);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const run = start(['map', '--protocol', 'lines', '--', ...ECHO]);
    run.child.stdin?.write('1\n');
    await run.until(({ stdout }) => stdout === '1\n');
    run.child.stdout?.destroy();
    run.child.stdin?.end(text(lines(100_000)));
    expect(await run.ended).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('ostler map whose workers are killed', () => {
  const COUNT = 5_000;
  const KILLS = [500, 1_500, 2_500, 3_500, 4_500];

  /** Whether it was there to be killed. */
  function kill(pid: number): boolean {
    try {
      return process.kill(pid, 'SIGKILL');
    } catch {
      return false;
    }
  }

  /** Kills a worker with SIGKILL whenever so many replies are out. */
  async function runWithKills(...flags: string[]) {
    const pids = join(await scratch(), 'pids');
    await writeFile(pids, '');
    const run = start(['map', '-j', '2', ...flags, ...worker(devNull, pids)]);
    const all = lines(COUNT);
    let sent = 0;
    for (const until of KILLS) {
      run.child.stdin?.write(text(all.slice(sent, until)));
      sent = until;
      const first = KILLS[0] as number;
      await run.until(({ stdout }) => stdout.length > 0 && stdout.split('\n').length > until - first);
      const started = (await readFile(pids, 'utf8')).trim().split('\n').map(Number);
      started.reverse().find(kill);
    }
    run.child.stdin?.end(text(all.slice(sent)));
    return run.ended;
  }

  it('loses nothing and keeps the order, with retries', async () => {
    const { status, stdout, stderr } = await runWithKills('--retries', '3');
    expect(stderr).toBe('');
    expect(stdout).toBe(text(lines(COUNT).map((line) => `<${line}>`)));
    expect(status).toBe(0);
  });

  it('loses at most what a killed worker was doing, and says so, without', async () => {
    const { status, stdout, stderr } = await runWithKills();
    const replies = stdout.trimEnd().split('\n');
    const lost = lines(COUNT).filter((_, index) => replies[index] === '');
    expect(replies.length).toBe(COUNT);
    expect(replies.filter((reply, index) => reply !== '' && reply !== `<${index + 1}>`)).toEqual([]);
    expect(lost.length).toBeLessThanOrEqual(KILLS.length);
    expect(status).toBe(lost.length > 0 ? 1 : 0);
    for (const line of lost) expect(stderr).toMatch(new RegExp(`^  ${line}  "${line}"  .*${KILLED}`, 'm'));
  });
});

describe('an interrupted ostler map', () => {
  it.skipIf(WINDOWS)('finishes what is under way at the first signal (needs POSIX)', async () => {
    const run = start(['map', ...worker()]);
    run.child.stdin?.write(text(lines(10)));
    await run.until(({ stdout }) => stdout.includes('<10>'));
    run.child.kill('SIGINT');
    expect(await run.ended).toMatchObject({ status: 130, stdout: text(lines(10).map((line) => `<${line}>`)) });
  });

  it.skipIf(WINDOWS)('kills what is under way at the second (needs POSIX)', async () => {
    const run = start(['map', ...worker()]);
    run.child.stdin?.write('a\nwait\n');
    await run.until(({ stdout }) => stdout.includes('<a>'));
    run.child.kill('SIGTERM');
    await run.until(({ stderr }) => stderr.includes('what is under way is finished'));
    run.child.kill('SIGINT');
    expect((await run.ended).status).toBe(143);
  });

  it.skipIf(WINDOWS)(
    'goes on where it was: each line is done once, and all replies are printed (needs POSIX)',
    async () => {
      const folder = await scratch();
      const [record, results] = [join(folder, 'record'), join(folder, 'results.jsonl')];
      const args = ['map', '--results', results, '--resume', ...worker(record)];
      const first = start(args);
      first.child.stdin?.write(text(lines(100)));
      await first.until(({ stdout }) => stdout.includes('<100>'));
      first.child.kill('SIGINT');
      expect((await first.ended).status).toBe(130);
      const { status, stdout } = await ostler(args, text(lines(300)));
      expect(status).toBe(0);
      expect(stdout).toBe(text(lines(300).map((line) => `<${line}>`)));
      const done = (await readFile(record, 'utf8')).trimEnd().split('\n').map(Number);
      expect(done.sort((a, b) => a - b)).toEqual(lines(300).map(Number));
    },
  );

  it('that was killed goes on from its whole rows', async () => {
    const folder = await scratch();
    const [record, results] = [join(folder, 'record'), join(folder, 'results.jsonl')];
    await ostler(['map', '--results', results, ...worker()], text(lines(3)));
    const rows = await readFile(results, 'utf8');
    await writeFile(results, rows.slice(0, -20)); // the third row is torn
    const again = await ostler(['map', '--results', results, '--resume', ...worker(record)], text(lines(3)));
    expect(again).toMatchObject({ status: 0, stdout: '<1>\n<2>\n<3>\n' });
    expect(await readFile(record, 'utf8')).toBe('3\n');
    expect(
      (await readFile(results, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((row) => JSON.parse(row).seq),
    ).toEqual([1, 2, 3]);
  });

  it('runs again only what failed, with --resume-failed', async () => {
    const folder = await scratch();
    const [record, results] = [join(folder, 'record'), join(folder, 'results.jsonl')];
    const input = text(['a', 'throw', 'b']);
    expect((await ostler(['map', '--results', results, ...worker()], input)).status).toBe(1);
    const resumed = await ostler(['map', '--results', results, '--resume', ...worker(record)], input);
    expect(resumed).toMatchObject({ status: 1, stdout: '<a>\n\n<b>\n' });
    const retried = await ostler(['map', '--results', results, '--resume-failed', ...worker(record)], input);
    expect(retried.status).toBe(1);
    expect(await readFile(record, 'utf8')).toBe('throw\n');
  });

  it('refuses another input, naming the line, and a file that is not its own', async () => {
    const results = join(await scratch(), 'results.jsonl');
    await ostler(['map', '--results', results, ...worker()], 'a\nb\n');
    const changed = await ostler(['map', '--results', results, '--resume', ...worker()], 'a\nB\n');
    expect(changed.stderr).toMatch(/--resume: input 2 is not the one of the earlier run/);
    expect(changed.status).toBe(2);
    const fresh = await ostler(['map', '--results', results, ...worker()], 'a\n');
    expect(fresh).toMatchObject({ status: 2, stderr: expect.stringMatching(/holds an earlier run/) });
    await writeFile(results, 'something else\n');
    const foreign = await ostler(['map', '--results', results, '--resume', ...worker()], 'a\n');
    expect(foreign).toMatchObject({ status: 2, stderr: expect.stringMatching(/line 1 of .* is no row/) });
  });
});
