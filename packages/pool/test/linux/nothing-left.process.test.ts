import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findControlGroups, load } from '@ostler/native';
import { ProcessPool } from '@ostler/pool';
import { afterEach, describe, expect, it } from 'vitest';
import { text, WORKER } from '../pool/support.js';

const HOST = fileURLToPath(new URL('fixtures/deep-rooted-host.mjs', import.meta.url));
const NOBODY = 65_534;
/** We are root, and the folders above this one are open to everybody. */
const canBeNobody = process.getuid?.() === 0 && spawnSync('test', ['-r', HOST], { uid: NOBODY }).status === 0;
const POOLS = Number(process.env.OSTLER_TEST_POOLS ?? 10);
const marks: string[] = [];

afterEach(() => {
  for (const mark of marks.splice(0)) for (const pid of markedWith(mark)) process.kill(pid, 'SIGKILL');
});

describe.skipIf(load().binding === undefined)('of a program that is killed with -9 while its workers spin', () => {
  it.each<[string, { uid?: number; limits?: object }]>([
    ['as it is', {}],
    ['that has control groups', 'reason' in findControlGroups() ? {} : { limits: { maxProcesses: 100 } }],
    ['of an ordinary user', canBeNobody ? { uid: NOBODY } : {}],
  ])('nothing is left: %s', async (_, { uid, limits }) => {
    const { host, mark } = await startHost({ uid, options: limits === undefined ? {} : { resources: limits } });
    // Two guards, two workers, and of each worker a shell, two sessions below it and their programs.
    while (markedWith(mark).length < 11) await new Promise((resolve) => setImmediate(resolve));
    host.kill('SIGKILL');
    await once(host, 'exit');
    while (markedWith(mark).length > 0) await new Promise((resolve) => setImmediate(resolve));
    while (groupsNamed('deep-rooted').length > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('of pools that are opened and ended', () => {
  it('no process, group, descriptor or file in memory is left', async () => {
    const before = openFiles();
    const pids: number[] = [];
    const resources = 'reason' in findControlGroups() ? {} : { maxProcesses: 100 };
    for (let i = 0; i < POOLS; i++) {
      const pool = new ProcessPool({ worker: WORKER, name: 'ended', maxWorkers: 1, resources });
      pool.on('worker-start', ({ pid }) => pids.push(pid));
      expect(text(await pool.run(`${i}`))).toBe(`${i}`);
      await (i % 2 === 0 ? pool.close() : pool.destroy());
    }
    expect(pids.length).toBeGreaterThanOrEqual(POOLS);
    expect(pids.filter((pid) => stateOf(pid) !== undefined)).toEqual([]);
    expect(groupsNamed('ended')).toEqual([]);
    expect(readdirSync('/dev/shm').filter((name) => name.startsWith(`ostler-${process.pid}-`))).toEqual([]);
    // Node closes handles in the turn after.
    while (openFiles() > before) await new Promise((resolve) => setImmediate(resolve));
  }, 60_000);
});

async function startHost({
  uid,
  options,
}: {
  uid?: number | undefined;
  options: object;
}): Promise<{ host: ChildProcess; mark: string }> {
  const mark = randomUUID();
  marks.push(mark);
  const host = spawn(process.execPath, [HOST, JSON.stringify({ ...options, name: 'deep-rooted' })], {
    env: { ...process.env, OSTLER_TEST_MARK: mark },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  await once(host.stdout as NonNullable<typeof host.stdout>, 'data');
  return { host, mark };
}

/** Processes that have the mark in their environment, as all have that one of them started. */
function markedWith(mark: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => read(`/proc/${pid}/environ`).includes(mark));
}

function stateOf(pid: number): string | undefined {
  return /\) (\w)/.exec(read(`/proc/${pid}/stat`))?.[1];
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return !readlinkSync(`/proc/self/fd/${fd}`).startsWith('/proc/');
    } catch {
      return false; // that of the folder itself
    }
  }).length;
}

function groupsNamed(name: string): string[] {
  const all = readdirSync('/sys/fs/cgroup', { withFileTypes: true, recursive: true });
  return all.filter((entry) => entry.isDirectory() && entry.name.includes(`-${name}-`)).map((entry) => entry.name);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it has just ended, or is not ours to look at
  }
}
