import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { load, refusedLimit, schedulingOf } from '@ostler/native';
import { expect, it } from 'vitest';
import { JobGuard } from '../../dist/windows/job-guard.js';
import { errorOf } from '../error-of.js';
import { describeWithAddon, FAMILY, isAlive, linesOf, pidsOf, startGuarded, until } from './support.js';

const NODE = process.execPath;
const STAY = 'setInterval(() => {}, 60_000)';
const HOST = fileURLToPath(new URL('pool-host.mjs', import.meta.url));

/** A family of three under a guard. */
async function startGuardedFamily(): Promise<{ started: ReturnType<typeof startGuarded>; pids: number[] }> {
  const started = startGuarded([NODE, '-e', FAMILY, '2'], { env: { FAMILY } });
  return { started, pids: await pidsOf(started.output, 3) };
}

describeWithAddon('a guarded process on Windows', () => {
  it('tells its number, reads and writes, and ends with its exit code', async () => {
    const { guarded, pid, text, ending } = startGuarded([NODE, '-e', 'process.stdin.pipe(process.stdout)']);
    expect(await pid).toBeGreaterThan(0);
    const said = text();
    guarded.sockets[0]?.end('hello');
    expect(await said).toBe('hello');
    expect(await ending).toEqual({ code: 0, signal: null });
  });

  it.each([[7], [255], [259], [0xc0000005], [0xe0434352]])('ends with all bits of exit code %i', async (code) => {
    const { ending } = startGuarded([NODE, '-e', `process.exit(${code} | 0)`]);
    expect(await ending).toEqual({ code, signal: null });
  });

  it('gets its arguments as they were given, those too that look like ours', async () => {
    const args = ['a b', 'c"d', 'e\\', 'f\\"g', '', '--cpus=7', '--', 'ü€', '%PATH%'];
    const { text } = startGuarded([NODE, '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...args]);
    expect(JSON.parse(await text())).toEqual(args);
  });

  it('is found in the PATH of its environment, and starts in the folder that was asked for', async () => {
    const cwd = realpathSync(tmpdir());
    const { text } = startGuarded(['node', '-p', 'process.cwd()'], { cwd, env: { PATH: dirname(NODE) } });
    expect((await text()).trim().toLowerCase()).toBe(cwd.toLowerCase());
  });

  it('is not mistaken for a part of the folder’s name', async () => {
    const cwd = join(mkdtempSync(join(realpathSync(tmpdir()), 'ostler-folder-')), 'a -- b');
    mkdirSync(cwd);
    const { text, ending } = startGuarded([NODE, '-p', 'process.cwd()'], { cwd });
    expect((await text()).trim().toLowerCase()).toBe(cwd.toLowerCase());
    await ending;
    rmSync(dirname(cwd), { recursive: true, maxRetries: 5 });
  });

  it('has its limits before its first instruction', async () => {
    const { nice } = schedulingOf('below-normal');
    const { text } = startGuarded([NODE, '-p', "require('node:os').getPriority()"], { limits: { cpus: [0], nice } });
    expect(await text()).toBe(`${nice}\n`);
  });

  it('is ended with everything below it, and told by the signal that was meant', async () => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const { started, pids } = await startGuardedFamily();
      expect(pids.map(isAlive)).toEqual([true, true, true]);
      if (signal === 'SIGKILL') started.guarded.kill();
      else started.guarded.signal(signal);
      expect(await started.ending).toEqual({ code: null, signal });
      expect(pids.map(isAlive)).toEqual([false, false, false]);
    }
  });

  it('leaves nothing when it ends by itself', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', '${STAY}'], { detached: true, stdio: 'ignore' });
      process.stdout.write(child.pid + '\\n', () => process.exit(3));
    `;
    const { output, ending } = startGuarded([NODE, '-e', script]);
    const [left] = await pidsOf(output, 1);
    expect(await ending).toEqual({ code: 3, signal: null });
    expect(isAlive(left as number)).toBe(false);
  });

  it('goes with its guard, and all that is below it', async () => {
    const { started, pids } = await startGuardedFamily();
    process.kill(started.guarded.guardPid, 'SIGKILL');
    await started.ending;
    await until(() => pids.every((pid) => !isAlive(pid)));
  });

  it('goes with its pool, children and grandchildren too, when that is killed with -9', async () => {
    const pool = spawn(NODE, [HOST], { env: { ...process.env, FAMILY }, stdio: ['ignore', 'pipe', 'inherit'] });
    const pids = await pidsOf(linesOf(pool.stdout as Readable), 7);
    expect(pids.map(isAlive)).toEqual(pids.map(() => true));
    const exit = once(pool, 'exit');
    pool.kill('SIGKILL');
    await exit;
    await until(() => pids.every((pid) => !isAlive(pid)));
  });
});

describeWithAddon('a start that Windows refuses', () => {
  it.each([
    ['a program that is not there', ['nonesuch'], 'CreateProcessW', 2],
    ['a path that is not there', ['C:\\nonesuch\\x.exe'], 'CreateProcessW', 2],
    ['a folder', ['C:\\windows'], 'CreateProcessW', 5],
  ] as const)('for %s names call and file', async (_, command, syscall, winerr) => {
    const error = await startGuarded(command as unknown as [string]).pid.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'OsControlError', syscall, winerr });
    expect((error as Error).message).toContain(command[0]);
  });

  it.each(['cmd', 'bat'])('for a .%s file says which it is', async (ending) => {
    const folder = mkdtempSync(join(tmpdir(), 'ostler-script-'));
    const file = join(folder, `script.${ending}`);
    writeFileSync(file, '@exit 0\r\n');
    const error = await startGuarded([file]).pid.catch((reason: unknown) => reason);
    rmSync(folder, { recursive: true });
    expect(error).toMatchObject({ syscall: 'CreateProcessW', winerr: 193 });
    expect((error as Error).message).toContain(file);
  });

  it('for want of a folder, a job or a CPU says so, and starts nothing', async () => {
    const cases = [
      [{ cwd: 'C:\\nonesuch' }, 'SetCurrentDirectoryW', 2],
      [{ limits: { groups: ['Local\\ostler-nonesuch'] } }, 'OpenJobObjectW', 2],
      [{ limits: { cpus: [4_000] } }, 'SetProcessAffinityMask', 87],
    ] as const;
    for (const [options, syscall, winerr] of cases) {
      const error = await startGuarded([NODE, '-v'], options).pid.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ syscall, winerr });
    }
  });

  it('before there is a guard is an error of ours too', () => {
    const listener = { onStarted: () => {}, onFailed: () => {}, onExit: () => {} };
    const start = { command: { command: [NODE], env: {}, descriptors: [] }, listener } as const;
    // Node throws for a NUL, as it does for arguments that are too long, of which Wine knows none.
    const error = errorOf(() => new JobGuard('a\0b', start));
    expect(error).toMatchObject({ name: 'OsControlError', syscall: 'spawnGuarded' });
  });

  it('for limits is found beforehand', () => {
    expect(refusedLimit({ cpus: [0], ...schedulingOf('idle'), policy: 'idle' })).toBeNull();
    expect(refusedLimit({ cpus: [4_000] })).toMatchObject({ syscall: 'SetProcessAffinityMask', winerr: 87 });
    expect(() => refusedLimit({ rlimits: { nproc: 20 } })).toThrow('Windows has no such limits');
  });

  it('for a command line that it does not understand is told on standard error', async () => {
    const loaded = load() as { guardPath: string };
    for (const args of [['--nonesuch', '--', NODE], ['--cpus=0-', '--', NODE], ['--priority=x', '--', NODE], []]) {
      const guard = spawn(loaded.guardPath, args, { stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
      const exit = once(guard, 'exit');
      let said = '';
      for await (const bytes of guard.stderr) said += bytes;
      expect((await exit)[0]).toBe(127);
      expect(said).toMatch(/^ostler-guard: failed \S+ 87 ./);
    }
  });
});
