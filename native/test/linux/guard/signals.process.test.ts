import { load } from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { startedPid, useGuards } from './guarded.js';

/** Says which signal it heard, until TERM. */
const LISTENER = `
  for (const name of ['SIGUSR1', 'SIGUSR2', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGCONT']) process.on(name, console.log);
  process.on('SIGTERM', () => process.exit(9));
  console.log('up');
  process.stdin.resume();
`;
/** A process that ignores USR1 and its child, which says that it heard it. */
const FAMILY = `
  sh -c 'trap "echo heard; exit" USR1; echo up; while :; do sleep 0.01; done' &
  trap "" USR1
  while :; do wait; done
`;

describe.skipIf(load().binding === undefined)('a guard', () => {
  const start = useGuards();

  it('passes the signals it gets to the worker', async () => {
    const guard = start({ command: [process.execPath, '-e', LISTENER] });
    expect(await guard.output()).toBe('up');
    for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGCONT'] as const) {
      guard.child.kill(signal);
      expect(await guard.output()).toMatch(new RegExp(`^${signal} `));
    }
    guard.child.kill('SIGTERM');
    expect(await guard.ending).toBe(9);
  });

  it('dies of the signal that it passed on and that ended the worker', async () => {
    const guard = start({ command: ['sleep', '1000'] });
    await startedPid(guard);
    guard.child.kill('SIGTERM');
    expect(await guard.ending).toBe('SIGTERM');
  });

  it('sends a signal that the pool orders to the worker', async () => {
    const guard = start({ command: [process.execPath, '-e', LISTENER] });
    expect(await guard.output()).toBe('up');
    guard.order('signal 10');
    expect(await guard.output()).toMatch(/^SIGUSR1 /);
    guard.order('signal 15');
    expect(await guard.ending).toBe(9);
  });

  it('sends a signal that the pool orders to the whole process group of the worker', async () => {
    const guard = start({ command: ['sh', '-c', FAMILY] });
    expect(await guard.output()).toBe('up');
    guard.order('signal 10');
    expect(await guard.output()).toBe('heard');
  });

  it('takes orders in pieces and several at once, and passes over what is none', async () => {
    const guard = start({ command: [process.execPath, '-e', LISTENER] });
    expect(await guard.output()).toBe('up');
    guard.order(`${'nonsense'.repeat(500)}\nsignal\nsignal 0\nsignal 99\nsignal -9\nkill all\nsignal 10`);
    expect(await guard.output()).toMatch(/^SIGUSR1 /);
    for (const piece of 'signal 1') guard.control.write(piece);
    guard.order('2\nsignal 1');
    expect([await guard.output(), await guard.output()].sort()).toEqual(['SIGHUP 1', 'SIGUSR2 12']);
  });
});
