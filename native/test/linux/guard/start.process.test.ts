import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { load } from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { startedPid, useGuards } from './guarded.js';

const start = useGuards();

describe.skipIf(load().binding === undefined)('a guarded worker', () => {
  it('has its own pid reported, which is not the guard’s', async () => {
    const guard = start({ command: ['sh', '-c', 'echo $$; read line'] });
    const pid = await startedPid(guard);
    expect(pid).not.toBe(guard.child.pid);
    expect(await guard.output()).toBe(String(pid));
  });

  it('reads and writes the standard streams of the guard', async () => {
    const guard = start({ command: ['cat'] });
    guard.child.stdin?.end('across\n');
    expect(await guard.output()).toBe('across');
    expect(await guard.ending).toBe(0);
  });

  it('gives the guard its exit code', async () => {
    expect(await start({ command: ['sh', '-c', 'exit 7'] }).ending).toBe(7);
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGSEGV', 'SIGPIPE', 'SIGHUP'] as const)(
    'gives the guard its death by %s',
    async (signal) => {
      const guard = start({ command: ['sh', '-c', `kill -${signal.slice(3)} $$`] });
      expect(await guard.ending).toBe(signal);
    },
  );

  it('talks by Node’s own channel to the pool', async () => {
    const program = 'process.on("message", (m) => process.send(m + 1))';
    const guard = start({ command: [process.execPath, '-e', program], ipc: true });
    guard.child.send(41);
    expect((await once(guard.child, 'message'))[0]).toBe(42);
    guard.child.disconnect();
    expect(await guard.ending).toBe(0);
  });

  it('has its end of output seen while it and the guard live on', async () => {
    const guard = start({ command: ['sh', '-c', 'exec >&- 2>&-; read line'] });
    await Promise.all([
      once(guard.child.stdout as NodeJS.EventEmitter, 'close'),
      once(guard.child.stderr as NodeJS.EventEmitter, 'close'),
    ]);
    expect([guard.child.exitCode, guard.child.signalCode]).toEqual([null, null]);
  });

  it('starts in the folder asked for', async () => {
    const guard = start({ guard: [`--cwd=${tmpdir()}`], command: ['pwd'] });
    expect(await guard.output()).toBe(tmpdir());
  });
});
