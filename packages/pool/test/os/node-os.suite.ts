import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { nodeOs } from '@ostler/pool/os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Running } from './running.js';

const os = nodeOs();
const started: Running[] = [];
const WINDOWS = process.platform === 'win32';
/** Windows has no groups: there, only a guard finds what a worker has started. Wine's `taskkill` knows no children either. */
const endsChildren = !WINDOWS || os.addonPath !== undefined;
/** Wine takes arguments of any length. */
const WINE = process.env.OSTLER_WINE !== undefined;
const tells = os.inspect(process.pid) !== null;

function run(...parameters: ConstructorParameters<typeof Running>): Running {
  const running = new Running(...parameters);
  started.push(running);
  return running;
}

/** A program in Node that may read `line()` from stdin, and use `input(fd)` and `output(fd)`. */
function program(source: string): [string, ...string[]] {
  const channel =
    "const { Socket } = require('node:net'); const input = (fd) => new Socket({ fd, readable: true, writable: false }); const output = (fd) => new Socket({ fd, readable: false, writable: true });";
  const line = "const line = () => new Promise((resolve) => process.stdin.once('data', resolve));";
  return [process.execPath, '-e', `${channel} ${line} (async () => { ${source} })()`];
}

/** Starts a program that does nothing, of which `grandchild` is the pid. */
const GRANDCHILD =
  "const grandchild = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: ['ignore', 'inherit', 'ignore'] }).pid; console.log(grandchild);";
const NOTHING = program('');
const TOO_LONG = [
  WINDOWS ? 'ENAMETOOLONG' : 'E2BIG',
  'its arguments are too long',
  [...NOTHING, 'x'.repeat(3_000_000)] as [string, ...string[]],
  {},
] as const;

function isDead(pid: number): boolean {
  if (os.tellsOfProcesses) return [undefined, 'Z', 'X'].includes(os.inspect(pid)?.state);
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

/** What every way to start processes must do. */
export function testOperatingSystem(): void {
  afterEach(async () => {
    for (const running of started.splice(0)) {
      running.process.kill('SIGKILL');
      await Promise.race([running.exit.promise, running.spawnError.promise]);
      running.process.release();
    }
  });

  describe('a start that fails', () => {
    test.each([
      ['ENOENT', 'there is no such program', ['ostler-no-such-program'], {}],
      [WINDOWS ? '(ENOEXEC|EFTYPE|UNKNOWN)' : 'EACCES', 'it is not executable', [fileURLToPath(import.meta.url)], {}],
      ['ENOENT', 'there is no such folder to run in', NOTHING, { cwd: '/no/such/folder' }],
      ['E(RR_)?INVAL', 'an argument holds a NUL', [...NOTHING, 'a\0b'], {}],
      ['E(RR_)?INVAL', 'its name holds a NUL', ['tr\0ue'], {}],
      ...(WINE ? [] : [TOO_LONG]),
    ] as const)('is %s where %s', async (code, _, command, extras) => {
      const { process, spawnError } = run(command, extras);
      expect(process.pid).toBeUndefined();
      expect((await spawnError.promise).code).toMatch(new RegExp(`^${code}`));
      process.write('stdin', new Uint8Array(1), () => expect.fail('written to nobody'));
      process.end('channel-in');
      process.kill('SIGKILL');
      process.release();
    });

    test('names the folder where it is the folder that is missing', async () => {
      const { spawnError } = run(NOTHING, { cwd: '/no/such/folder' });
      expect((await spawnError.promise).message).toBe('the working directory /no/such/folder does not exist');
    });

    test.skipIf(WINDOWS)('is EMFILE where no descriptor is left, and ends nothing else (needs POSIX)', () => {
      const script = fileURLToPath(new URL('fixtures/no-descriptors.mjs', import.meta.url));
      const child = spawnSync('bash', ['-c', `ulimit -n 100; exec "${process.execPath}" "${script}"`], {
        encoding: 'utf8',
      });
      expect(child).toMatchObject({ status: 0, stderr: '', stdout: '0 EMFILE' });
    });
  });

  describe('pipes', () => {
    test('carry everything, whole, both ways, and end', async () => {
      const cat = run(program('input(3).pipe(output(4))'));
      const body = new Uint8Array(5_000_000).map((_, i) => i % 251);
      let written = 0;
      for (let at = 0; at < body.length; at += 1_000_000) {
        cat.process.write('channel-in', body.subarray(at, at + 1_000_000), () => written++);
      }
      cat.process.end('channel-in');
      expect(await cat.exit.promise).toEqual([0, null]);
      await Promise.all(Object.values(cat.ends).map(({ promise }) => promise));
      expect(Buffer.compare(Buffer.concat(cat.output['channel-out']), body)).toBe(0);
      expect(cat.output['channel-out'].every((bytes) => Object.getPrototypeOf(bytes) === Uint8Array.prototype)).toBe(
        true,
      );
      expect(written).toBe(5);
    });

    test.skipIf(WINDOWS)('are the standard three where no others are wanted (needs POSIX)', async () => {
      const child = run(['sh', '-c', 'cat; echo oops >&2; for fd in 3 4 5; do test -e /dev/fd/$fd && echo $fd; done'], {
        channel: false,
      });
      child.process.write('stdin', Buffer.from('in '), () => {});
      child.process.end('stdin');
      await child.ends.stdout.promise;
      await child.ends.stderr.promise;
      expect(child.text('stdout')).toBe('in ');
      expect(child.text('stderr')).toBe('oops\n');
    });

    test('to a process that reads nothing and leaves cause no error, and are never called written', async () => {
      const child = run(program('await line(); process.exit(7)'));
      for (let i = 0; i < 20; i++)
        child.process.write('channel-in', new Uint8Array(1_000_000), () => expect.fail('written'));
      child.process.write('stdin', Buffer.from('go\n'), () => {});
      expect(await child.exit.promise).toEqual([7, null]);
      child.process.write('channel-in', new Uint8Array(1_000_000), () => expect.fail('written'));
      await child.ends['channel-out'].promise;
    });

    test('that are released tell nothing more', async () => {
      const child = run(program("console.log('ready'); await line(); console.log('more'); process.exit(0)"));
      await child.line();
      child.process.release();
      await child.exit.promise;
      expect(child.text('stdout')).toBe('ready\n');
    });
  });

  describe('signals', () => {
    test.skipIf(!endsChildren)('reach the whole group (needs POSIX or the addon)', async () => {
      const child = run(program(`${GRANDCHILD} await line()`));
      const grandchild = Number(await child.line());
      expect(isDead(grandchild)).toBe(false);
      child.process.kill('SIGTERM');
      expect(await child.exit.promise).toEqual([null, 'SIGTERM']);
      await child.ends.stdout.promise; // the grandchild held it
      await vi.waitFor(() => expect(isDead(grandchild)).toBe(true));
    });

    test.skipIf(!endsChildren)(
      'are not needed by what is left of the group of a process that exits (needs POSIX or the addon)',
      async () => {
        const child = run(program(`${GRANDCHILD} process.exit(3)`));
        const grandchild = Number(await child.line());
        expect(await child.exit.promise).toEqual([3, null]);
        await child.ends.stdout.promise;
        await vi.waitFor(() => expect(isDead(grandchild)).toBe(true));
      },
    );

    test.skipIf(WINDOWS)('from the terminal do not: it runs in a session of its own (needs POSIX)', async () => {
      const child = run(['sh', '-c', 'echo $$ $(cut -d" " -f5,6 /proc/self/stat); read line']);
      const [pid, group, session] = (await child.line()).split(' ');
      expect(group).toBe(pid);
      expect(session).toBe(pid);
    });

    test('to a process that is gone are harmless', async () => {
      const child = run(NOTHING);
      await child.exit.promise;
      child.process.kill('SIGTERM');
      child.process.kill('SIGKILL');
    });
  });

  describe('a ledger', () => {
    test('is memory shared with the process, without a name', async () => {
      const ledger = os.createLedger(4096);
      if (ledger === null) throw new Error('a ledger should be had here');
      const child = run(program("require('node:fs').writeSync(5, 'ABC', 0); await line()"), { ledger });
      const bytes = new Uint8Array(4);
      await vi.waitFor(() => {
        expect(ledger.read(bytes, 0)).toBe(4);
        expect(bytes).toEqual(new Uint8Array([65, 66, 67, 0]));
      });
      child.process.kill('SIGKILL');
      await child.exit.promise;
      expect(ledger.read(bytes, 4094)).toBe(2);
      ledger.close();
      ledger.close();
      expect(ledger.read(bytes, 0)).toBe(0);
      expect(
        readdirSync(WINDOWS ? tmpdir() : '/dev/shm').filter((name) => name.startsWith(`ostler-${process.pid}-`)),
      ).toEqual([]);
    });
  });

  describe.skipIf(!tells)('what the system says of a process (needs /proc or the addon)', () => {
    test('is its state, its CPU time and its memory', () => {
      const info = os.inspect(process.pid);
      expect(info?.state).toBe(WINDOWS ? '' : 'R');
      expect(info?.cpuMs).toBeGreaterThan(0);
      expect((info?.rss ?? 0) / process.memoryUsage.rss()).toBeCloseTo(1, 0);
    });

    test.skipIf(WINDOWS)('is that it has been stopped (needs POSIX)', async () => {
      const child = run(program("console.log('ready'); await line()"));
      await child.line();
      process.kill(child.pid, 'SIGSTOP');
      await vi.waitFor(() => expect(os.inspect(child.pid)?.state).toBe('T'));
    });

    test('is nothing once it is gone', async () => {
      const child = run(NOTHING);
      await child.exit.promise;
      expect(os.inspect(child.pid)).toBeNull();
    });
  });

  test('processes that have ended leave nothing open', async () => {
    const handles = () => process.getActiveResourcesInfo().filter((name) => /Pipe|Process/.test(name));
    const before = handles();
    for (let i = 0; i < 5; i++) {
      const child = run(program("console.log('a'); console.error('b'); output(4).end('c')"));
      await Promise.all([child.exit.promise, ...Object.values(child.ends).map(({ promise }) => promise)]);
      child.process.release();
    }
    await vi.waitFor(() => expect(handles()).toEqual(before));
  });

  test('a worker keeps no program alive, and dies with it', async () => {
    const script = fileURLToPath(new URL('fixtures/idle-parent.mjs', import.meta.url));
    const child = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 30_000 });
    expect(child).toMatchObject({ status: 0, stderr: '' });
    const pids = child.stdout.trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await vi.waitFor(() => expect(pids.map(isDead)).toEqual([true, true]));
  });

  test("timers go on while a test's own are faked", async () => {
    vi.useFakeTimers();
    try {
      await new Promise<void>((resolve) => {
        os.clearTimer(os.setTimer(() => expect.fail('was cleared'), 0));
        os.setTimer(resolve, 1);
      });
    } finally {
      vi.useRealTimers();
    }
    expect(os.now()).toBeGreaterThan(0);
    expect(Math.abs(os.timeOrigin + os.now() - Date.now())).toBeLessThan(60_000);
  });
}
