import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { load } from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { canBeNobody, NOBODY } from '../ordinary-user.js';
import { type Guarded, guardPath, killMarked, MARK, marked, startedPid, useGuards } from './guarded.js';

const USERS = canBeNobody ? [0, NOBODY] : [process.getuid?.() ?? 0];

/** One in the background, one in a session of its own, one that forked twice, one that has stopped itself; none hears TERM. */
const DESCENDANTS = `
  trap "" TERM HUP INT
  sh -c 'echo up; exec sleep 1000' &
  setsid sh -c 'echo up; exec sleep 1000' &
  setsid sh -c '(setsid sh -c "echo up; exec sleep 1000" &)' &
  setsid sh -c 'echo up; kill -STOP $$; exec sleep 1000' &
`;
const SPIN = 'while :; do :; done';
/** Runs a program whose first so many kills do nothing: whoever was to die goes on, as one does that gets no CPU to die on. */
const withoutKills = (count: number): string[] => {
  const injection = `kill:retval=0:when=1..${count}`;
  return ['strace', '-qq', '-o', '/dev/null', '-e', 'trace=kill', '-e', `inject=${injection}`];
};
const [strace, ...straceOptions] = withoutKills(1) as [string, ...string[]];
const hasStrace = spawnSync(strace, [...straceOptions, 'true']).status === 0;

describe.skipIf(load().binding === undefined)('when a guarded worker', () => {
  const start = useGuards();

  /** A guard, its worker, and the worker's four descendants. */
  async function startWithDescendants(after: string, uid = 0): Promise<Guarded> {
    const guard = start({ command: ['sh', '-c', DESCENDANTS + after], ...(canBeNobody && { uid }) });
    await startedPid(guard);
    for (let i = 0; i < 4; i++) expect(await guard.output()).toBe('up');
    return guard;
  }

  it('ends by itself, what it left is killed, and its exit code is told then', async () => {
    const guard = await startWithDescendants('read line; exit 5');
    expect(marked(guard.mark).length).toBeGreaterThanOrEqual(6);
    guard.child.stdin?.end('\n');
    expect(await guard.ending).toBe(5);
    expect(marked(guard.mark)).toEqual([]);
  });

  it.each(USERS)('loses its pool while it spins, it is killed with all that it started, as user %i', async (uid) => {
    const guard = await startWithDescendants(SPIN, uid);
    guard.control.end();
    expect(await guard.ending).toBe('SIGKILL');
    expect(marked(guard.mark)).toEqual([]);
  });

  it('is stopped when its pool is lost, it is killed all the same', async () => {
    const guard = await startWithDescendants('kill -STOP $$');
    guard.control.destroy();
    expect(await guard.ending).toBe('SIGKILL');
    expect(marked(guard.mark)).toEqual([]);
  });

  it('is to be killed, all below is, and the pool is not lost', async () => {
    const guard = await startWithDescendants(SPIN);
    guard.order('kill');
    expect(await guard.ending).toBe('SIGKILL');
    expect(marked(guard.mark)).toEqual([]);
  });

  it.skipIf(!hasStrace)(
    'was killed and has not got a CPU to die on, the guard stays until it has (needs strace)',
    async () => {
      // Four kills every 5 ms at the most: for longer than the guard waits for what can't be killed.
      const guard = start({ command: ['sh', '-c', `(${SPIN}) & echo up; ${SPIN}`], under: withoutKills(1_200) });
      await startedPid(guard);
      expect(await guard.output()).toBe('up');
      guard.order('kill');
      expect(await guard.ending).toBe('SIGKILL');
      expect(marked(guard.mark)).toEqual([]);
    },
  );

  it('has a guard that is killed, it is killed too', async () => {
    const guard = start({ command: ['sh', '-c', `echo up; ${SPIN}`] });
    await startedPid(guard);
    await guard.output();
    guard.child.kill('SIGKILL');
    await guard.ending;
    expect(await guard.output()).toBe(undefined);
    await expect.poll(() => marked(guard.mark)).toEqual([]);
  });

  it('has no control socket and its parent is killed, it is killed with all that it started', async () => {
    const parent = spawn('sh', ['-c', '"$0" -- sh -c "$1" & wait', guardPath(), DESCENDANTS + SPIN], {
      env: { ...process.env, [MARK]: 'parent-killed' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let ups = '';
      for await (const chunk of parent.stdout) {
        ups += chunk;
        if (ups === 'up\n'.repeat(4)) parent.kill('SIGKILL');
      }
      // The output has ended: nobody below has it any more.
      await expect.poll(() => marked('parent-killed')).toEqual([]);
    } finally {
      killMarked('parent-killed');
    }
  });

  it('was started by a thread that has ended, it lives on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ostler-guard-'));
    const path = join(folder, 'heard');
    const command = ['sh', '-c', `trap 'echo heard >> ${path}' USR1; echo up >> ${path}; while :; do sleep 0.01; done`];
    const program = `
      const { parentPort, workerData } = require('node:worker_threads');
      const child = require('node:child_process').spawn(...workerData, { stdio: 'ignore' });
      child.unref();
      parentPort.postMessage(child.pid);`;
    const env = { ...process.env, [MARK]: 'thread-ended' };
    const thread = new Worker(program, { eval: true, env, workerData: [guardPath(), ['--', ...command]] });
    const ended = once(thread, 'exit');
    const [pid] = (await once(thread, 'message')) as [number];
    try {
      await ended;
      const said = () => readFileSync(path, { encoding: 'utf8', flag: 'a+' });
      await expect.poll(said).toBe('up\n');
      // Twice: the first could be forwarded before the guard looks at the thread's end.
      for (const heard of ['up\nheard\n', 'up\nheard\nheard\n']) {
        process.kill(pid, 'SIGUSR1');
        await expect.poll(said).toBe(heard);
      }
    } finally {
      killMarked('thread-ended');
      rmSync(folder, { recursive: true });
    }
  });
});
