import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { load } from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { canBeNobody, NOBODY } from '../ordinary-user.js';
import { startedPid, useGuards } from './guarded.js';

/** sched.h */
const POLICIES = { batch: 3, idle: 5 } as const;
/** Fields of /proc/PID/stat behind the name, counted from the state. */
const STAT = { processGroup: 2, session: 3, nice: 16, policy: 38 } as const;
/** Says a word when all threads of the runtime and its pool are there, and stays until its input ends. */
const BUSY_NODE = 'require("fs").readFile("/dev/null", () => { console.log("ready"); process.stdin.resume() })';

interface Thread {
  readonly cpus: string | undefined;
  readonly nice: number;
  readonly policy: number;
}

describe.skipIf(load().binding === undefined)('a guarded worker', () => {
  const start = useGuards();

  it.each(['batch', 'idle'] as const)('has CPUs, nice value and policy %s on every thread', async (policy) => {
    const cpu = lastCpu();
    const guard = start({
      guard: [`--cpus=${cpu}`, '--nice=7', `--policy=${policy}`],
      command: [process.execPath, '-e', BUSY_NODE],
    });
    const pid = await startedPid(guard);
    expect(await guard.output()).toBe('ready');
    const threads = threadsOf(pid);
    expect(threads.length).toBeGreaterThanOrEqual(7);
    expect(threads).toEqual(threads.map(() => ({ cpus: String(cpu), nice: 7, policy: POLICIES[policy] })));
  });

  it('leaves the guard as it was', async () => {
    const guard = start({ guard: [`--cpus=${lastCpu()}`, '--nice=7', '--policy=idle'], command: ['cat'] });
    await startedPid(guard);
    expect(threadsOf(guard.child.pid as number)).toEqual([{ ...threadsOf(process.pid)[0] }]);
  });

  it('has soft and hard limits', async () => {
    const guard = start({ guard: ['--rlimit=core=0', '--rlimit=nofile=99'], command: ['cat'] });
    const limits = readFileSync(`/proc/${await startedPid(guard)}/limits`, 'utf8');
    expect(limits).toMatch(/^Max core file size +0 +0 +bytes/m);
    expect(limits).toMatch(/^Max open files +99 +99 +files/m);
  });

  it('leads a session and process group of its own, and so does its guard', async () => {
    const guard = start({ command: ['cat'] });
    for (const pid of [await startedPid(guard), guard.child.pid as number]) {
      const fields = statOf(`/proc/${pid}`);
      expect([fields[STAT.session], fields[STAT.processGroup]]).toEqual([String(pid), String(pid)]);
    }
  });

  it('blocks and ignores no signal, although its guard blocks them all', async () => {
    const guard = start({ command: ['cat'] });
    const status = readFileSync(`/proc/${await startedPid(guard)}/status`, 'utf8');
    expect(status).toMatch(/^SigBlk:\t0+$/m);
    expect(status).toMatch(/^SigIgn:\t0+$/m);
  });

  it.skipIf(!existsSync('/proc/self/autogroup')).each([
    ['--nice=7', '7'],
    ['--policy=idle', '19'],
    ['--policy=batch', '0'],
  ])('shares the CPU with other sessions by its own %s', async (option, nice) => {
    const guard = start({ guard: [option], command: ['cat'] });
    const group = readFileSync(`/proc/${await startedPid(guard)}/autogroup`, 'utf8');
    expect(/nice (.*)$/m.exec(group)?.[1]).toBe(nice);
  });

  it.skipIf(!existsSync('/proc/self/autogroup') || !canBeNobody)(
    'shares it so also where an ordinary user has to try again',
    async () => {
      const guards = Array.from({ length: 3 }, () => start({ guard: ['--nice=7'], command: ['cat'], uid: NOBODY }));
      for (const guard of guards) {
        const path = `/proc/${await startedPid(guard)}/autogroup`;
        await expect.poll(() => readFileSync(path, 'utf8'), { timeout: 10_000 }).toMatch(/nice 7$/m);
      }
    },
  );
});

function threadsOf(pid: number): Thread[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const folder = `/proc/${pid}/task/${thread}`;
    const fields = statOf(folder);
    const cpus = /^Cpus_allowed_list:\t(.*)$/m.exec(readFileSync(`${folder}/status`, 'utf8'))?.[1];
    return { cpus, nice: Number(fields[STAT.nice]), policy: Number(fields[STAT.policy]) };
  });
}

function statOf(folder: string): string[] {
  const text = readFileSync(`${folder}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function lastCpu(): number {
  const list = /^Cpus_allowed_list:\t(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return Number(/\d+$/.exec(list)?.[0]);
}
