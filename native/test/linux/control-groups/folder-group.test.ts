import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ControlGroup, ControlGroupDriver, GroupLimits } from '../../../src/control-groups/control-group.js';
import { controlGroupsOf } from '../../../src/control-groups/find-control-groups.js';
import { OsControlError } from '../../../src/os-control-error.js';
import type { FakeSystem } from './fake-system.js';
import { hybridMachine, unifiedMachine } from './machines.js';

const MACHINES = { 1: hybridMachine, 2: () => unifiedMachine({ group: '/a' }) };

const limitsArbitrary: fc.Arbitrary<GroupLimits> = fc.record(
  {
    memory: fc.integer({ min: 1, max: 2 ** 20 }).map((pages) => pages * 4_096),
    cpuRate: fc.constantFrom(0.001, 0.005, 0.2, 0.25, 1, 12),
    maxProcesses: fc.integer({ min: 1, max: 4_194_304 }),
  },
  { requiredKeys: [] },
);

describe.each([1, 2] as const)('a group of version %i', (version) => {
  function setUp(): { system: FakeSystem; driver: ControlGroupDriver; pool: ControlGroup; worker: ControlGroup } {
    const system = MACHINES[version]();
    const driver = controlGroupsOf(system) as ControlGroupDriver;
    const pool = driver.createPoolGroup('p');
    return { system, driver, pool, worker: pool.createChild('w') };
  }

  /** What the kernel counts when it kills in one group for the limit of another. */
  function oom(system: FakeSystem, facts: { victims: ControlGroup; limitOf?: ControlGroup }): void {
    const [victims] = facts.victims.folders;
    const [limit] = facts.limitOf?.folders ?? [];
    if (version === 1) {
      bump(system, `${victims}/memory.oom_control`, 'oom_kill');
      if (limit) system.files.set(`${limit}/memory.max_usage_in_bytes`, system.read(`${limit}/memory.limit_in_bytes`));
    } else {
      bump(system, `${victims}/memory.events.local`, 'oom_kill');
      if (limit) bump(system, `${limit}/memory.events.local`, 'oom');
    }
  }

  it('has the limits that were set last, whatever they were before', () => {
    fc.assert(
      fc.property(fc.array(limitsArbitrary, { minLength: 1, maxLength: 6 }), (sequence) => {
        const { worker } = setUp();
        for (const limits of sequence) {
          worker.setLimits(limits);
          expect(worker.limits()).toEqual({
            memory: undefined,
            cpuRate: undefined,
            maxProcesses: undefined,
            ...limits,
          });
        }
      }),
    );
  });

  it('keeps all of its limits when one file refuses', () => {
    const file = fc.constantFrom('memory', 'swap', 'cpu', 'pids');
    fc.assert(
      fc.property(limitsArbitrary, limitsArbitrary, file, (before, after, refusing) => {
        const { system, worker } = setUp();
        worker.setLimits(before);
        const former = worker.limits();
        system.refusals.push({ call: 'write', path: REFUSING[refusing], errno: 'EINVAL' });
        try {
          worker.setLimits(after);
        } catch (error) {
          expect(error).toBeInstanceOf(OsControlError);
          expect((error as OsControlError).syscall).toMatch(/^write \/sys\/fs\/cgroup\/.*\/w\//);
          expect(worker.limits()).toEqual(former);
        }
      }),
    );
  });

  it.each([
    [{ memory: 0 }, /memory must be a whole number of bytes above 0, got 0/],
    [{ memory: 1.5 }, /got 1.5/],
    [{ cpuRate: 0.0001 }, /cpuRate must be a number of CPUs of at least 0.001, got 0.0001/],
    [{ cpuRate: Number.NaN }, /got NaN/],
    [{ maxProcesses: -1 }, /maxProcesses must be a whole number above 0, got -1/],
  ])('refuses %o before anything is written', (limits, message) => {
    const { worker } = setUp();
    expect(() => worker.setLimits({ memory: 8_192, ...limits })).toThrow(RangeError);
    expect(() => worker.setLimits({ memory: 8_192, ...limits })).toThrow(message);
    expect(worker.limits().memory).toBeUndefined();
  });

  it('takes a kill for its own only when its own limit was met', () => {
    const { system, pool, worker } = setUp();
    const other = pool.createChild('other');
    for (const group of [pool, worker, other]) group.setLimits({ memory: 2 ** 24 });
    oom(system, { victims: worker });
    expect([pool.oomKills(), worker.oomKills(), other.oomKills()]).toEqual([0, 0, 0]);
    oom(system, { victims: other, limitOf: other });
    expect([pool.oomKills(), worker.oomKills(), other.oomKills()]).toEqual([0, 0, 1]);
    oom(system, { victims: worker, limitOf: pool });
    expect([pool.oomKills(), worker.oomKills(), other.oomKills()]).toEqual([2, 0, 1]);
  });

  it('knows what was killed in groups that are removed', () => {
    const { system, pool, worker } = setUp();
    const other = pool.createChild('other');
    for (const group of [pool, worker, other]) group.setLimits({ memory: 2 ** 24 });
    oom(system, { victims: worker, limitOf: pool });
    oom(system, { victims: other, limitOf: other });
    expect([worker.remove(), other.remove()]).toEqual([true, true]);
    expect(pool.oomKills()).toBe(1);
  });

  it('is not removed while a process is in it, and kill empties it', () => {
    const { system, pool, worker } = setUp();
    system.addProcess({ pid: 900, parent: 500 });
    system.addProcess({ pid: 901, parent: 900 });
    const last = worker.folders.at(-1);
    system.write(`${worker.folders[0]}/cgroup.procs`, '900');
    system.write(`${last}/cgroup.procs`, '901');
    expect(pool.pids().sort()).toEqual([900, 901]);
    expect(pool.remove()).toBe(false);
    pool.kill();
    expect(pool.pids()).toEqual([]);
    expect([pool.remove(), pool.remove()]).toEqual([true, true]);
  });

  it('leaves no folder when one of them can’t be made', () => {
    const { system, pool } = setUp();
    const folder = version === 1 ? /pids\/.*\/w2$/ : /w2$/;
    system.refusals.push({ call: 'mkdir', path: folder, errno: 'ENOSPC' });
    expect(() => pool.createChild('w2')).toThrow(/^mkdir \/.*\/w2: ENOSPC/);
    expect(pool.folders.flatMap((base) => system.folders(base)).filter((name) => name === 'w2')).toEqual([]);
  });

  it('has a name that can’t leave its folder or meet a file of the kernel', () => {
    const { pool } = setUp();
    const names = ['../x', 'a/b', 'memory.max', 'tasks', ''].map((name) => pool.createChild(name).folders[0]);
    expect(names.map((folder) => folder?.slice(String(pool.folders[0]).length))).toEqual([
      '/---x',
      '/a-b',
      '/memory-max',
      '/group-tasks',
      '/group-',
    ]);
  });

  it('is removed as stale when its owner is gone, with what is in it', () => {
    const { system, driver, pool } = setUp();
    const other = String(pool.folders[0]).replace('-500-5000-', '-800-8000-');
    const [base = ''] = [String(pool.folders[0]).slice(0, String(pool.folders[0]).lastIndexOf('/'))];
    system.makeFolder(other);
    system.makeFolder(`${other}/w`);
    system.makeFolder(`${base}/somebody-else`);
    system.addProcess({ pid: 901, parent: 1 });
    system.write(`${other}/w/cgroup.procs`, '901');
    expect(driver.removeStaleGroups()).toBe(0);
    expect(system.exists(other)).toBe(false);
    expect([...pool.folders, `${base}/somebody-else`].every(system.exists)).toBe(true);
  });
});

it('a stale group of another user is left to that user', () => {
  const system = unifiedMachine({ group: '/a' });
  const driver = controlGroupsOf(system) as ControlGroupDriver;
  const stale = '/sys/fs/cgroup/a/ostler-4026531836-800-8000-p-1';
  system.makeFolder(stale);
  system.refusals.push({ call: 'write', path: /-800-8000-/, errno: 'EACCES' });
  expect([driver.removeStaleGroups(), system.exists(stale)]).toEqual([1, true]);
});

const REFUSING = {
  memory: /\/w\/memory\.(max|limit_in_bytes)$/,
  swap: /\/w\/memory\.(swap\.max|memsw\.limit_in_bytes)$/,
  cpu: /\/w\/cpu\.(max|cfs_quota_us)$/,
  pids: /\/w\/pids\.max$/,
};

function bump(system: FakeSystem, path: string, name: string): void {
  const text = system
    .read(path)
    .replace(new RegExp(`^${name} (\\d+)$`, 'm'), (_, count) => `${name} ${Number(count) + 1}`);
  system.files.set(path, text);
}
