import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeOs } from '@ostler/pool/os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Running } from './running.js';

const os = nodeOs();
const started: Running[] = [];

function run(...parameters: ConstructorParameters<typeof Running>): Running {
  const running = new Running(...parameters);
  started.push(running);
  return running;
}

function isDead(pid: number): boolean {
  return [undefined, 'Z', 'X'].includes(os.inspect(pid)?.state);
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
      ['EACCES', 'it is not executable', ['/etc/passwd'], {}],
      ['ENOENT', 'there is no such folder to run in', ['true'], { cwd: '/no/such/folder' }],
      ['E2BIG', 'its arguments are too long', ['true', 'x'.repeat(3_000_000)], {}],
      ['EINVAL', 'an argument holds a NUL', ['true', 'a\0b'], {}],
      ['E(RR_)?INVAL', 'its name holds a NUL', ['tr\0ue'], {}],
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
      const { spawnError } = run(['true'], { cwd: '/no/such/folder' });
      expect((await spawnError.promise).message).toBe('the working directory /no/such/folder does not exist');
    });

    test('is EMFILE where no descriptor is left, and ends nothing else', () => {
      const script = fileURLToPath(new URL('fixtures/no-descriptors.mjs', import.meta.url));
      const child = spawnSync('bash', ['-c', `ulimit -n 100; exec "${process.execPath}" "${script}"`], {
        encoding: 'utf8',
      });
      expect(child).toMatchObject({ status: 0, stderr: '', stdout: '0 EMFILE' });
    });
  });

  describe('pipes', () => {
    test('carry everything, whole, both ways, and end', async () => {
      const cat = run(['sh', '-c', 'cat <&3 >&4']);
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

    test('are the standard three where no others are wanted', async () => {
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
      const child = run(['sh', '-c', 'read line; exit 7']);
      for (let i = 0; i < 20; i++)
        child.process.write('channel-in', new Uint8Array(1_000_000), () => expect.fail('written'));
      child.process.write('stdin', Buffer.from('go\n'), () => {});
      expect(await child.exit.promise).toEqual([7, null]);
      child.process.write('channel-in', new Uint8Array(1_000_000), () => expect.fail('written'));
      await child.ends['channel-out'].promise;
    });

    test('that are released tell nothing more', async () => {
      const child = run(['sh', '-c', 'echo ready; read line; echo more; exit 0']);
      await child.line();
      child.process.release();
      await child.exit.promise;
      expect(child.text('stdout')).toBe('ready\n');
    });
  });

  describe('signals', () => {
    test('reach the whole group', async () => {
      const child = run(['sh', '-c', 'sleep 1000 & echo $!; wait']);
      const grandchild = Number(await child.line());
      expect(isDead(grandchild)).toBe(false);
      child.process.kill('SIGTERM');
      expect(await child.exit.promise).toEqual([null, 'SIGTERM']);
      await child.ends.stdout.promise; // the grandchild held it
      expect(isDead(grandchild)).toBe(true);
    });

    test('are not needed by what is left of the group of a process that exits', async () => {
      const child = run(['sh', '-c', 'sleep 1000 & echo $!; exit 3']);
      const grandchild = Number(await child.line());
      expect(await child.exit.promise).toEqual([3, null]);
      await child.ends.stdout.promise;
      expect(isDead(grandchild)).toBe(true);
    });

    test('from the terminal do not: it runs in a session of its own', async () => {
      const child = run(['sh', '-c', 'echo $$ $(cut -d" " -f5,6 /proc/self/stat); read line']);
      const [pid, group, session] = (await child.line()).split(' ');
      expect(group).toBe(pid);
      expect(session).toBe(pid);
    });

    test('to a process that is gone are harmless', async () => {
      const child = run(['true']);
      await child.exit.promise;
      child.process.kill('SIGTERM');
      child.process.kill('SIGKILL');
    });
  });

  describe('a ledger', () => {
    test('is memory shared with the process, without a name', async () => {
      const ledger = os.createLedger(4096);
      if (ledger === null) throw new Error('needs /dev/shm');
      const child = run(['sh', '-c', 'printf ABC 1<>/dev/fd/5; read line'], { ledger });
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
      expect(readdirSync('/dev/shm').filter((name) => name.startsWith(`ostler-${process.pid}-`))).toEqual([]);
    });
  });

  describe('what the system says of a process', () => {
    test('is its state, its CPU time and its memory', () => {
      const info = os.inspect(process.pid);
      expect(info?.state).toBe('R');
      expect(info?.cpuMs).toBeGreaterThan(0);
      expect((info?.rss ?? 0) / process.memoryUsage.rss()).toBeCloseTo(1, 0);
    });

    test('is that it has been stopped', async () => {
      const child = run(['sh', '-c', 'echo ready; read line']);
      await child.line();
      process.kill(child.pid, 'SIGSTOP');
      await vi.waitFor(() => expect(os.inspect(child.pid)?.state).toBe('T'));
    });

    test('is nothing once it is gone', async () => {
      const child = run(['true']);
      await child.exit.promise;
      expect(os.inspect(child.pid)).toBeNull();
    });
  });

  test('processes that have ended leave nothing open', async () => {
    const handles = () => process.getActiveResourcesInfo().filter((name) => /Pipe|Process/.test(name));
    const before = handles();
    for (let i = 0; i < 5; i++) {
      const child = run(['sh', '-c', 'echo a; echo b >&2; echo c >&4']);
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
