import { describe, expect, it } from 'vitest';
import type { ControlGroupDriver } from '../../../src/control-groups/control-group.js';
import { controlGroupsOf } from '../../../src/control-groups/find-control-groups.js';
import { FakeSystem } from './fake-system.js';
import { hybridMachine, unifiedMachine } from './machines.js';

const ALL = { memory: { available: true }, cpuRate: { available: true }, maxProcesses: { available: true } };
const ROOT = '/sys/fs/cgroup';

function driverOf(system: FakeSystem): ControlGroupDriver {
  const found = controlGroupsOf(system);
  if ('reason' in found) throw new Error(found.reason);
  return found;
}

function reasonOf(system: FakeSystem): string {
  const found = controlGroupsOf(system);
  if (!('reason' in found)) throw new Error('a driver was found');
  return found.reason;
}

describe('version 1', () => {
  it('is taken where version 2 is mounted beside it without useful controllers', () => {
    const driver = driverOf(hybridMachine());
    expect([driver.version, driver.support]).toEqual([1, ALL]);
  });

  it('has its groups below those of this process, in each hierarchy', () => {
    const pool = driverOf(hybridMachine()).createPoolGroup('my pool');
    const name = 'ostler-4026531836-500-5000-my-pool-1';
    const bases = [`${ROOT}/memory/session/7`, `${ROOT}/cpu`, `${ROOT}/pids`, `${ROOT}/cpuacct`];
    expect(pool.folders).toEqual(bases.map((base) => `${base}/${name}`));
    expect(pool.createChild('w1').folders).toEqual(bases.map((base) => `${base}/${name}/w1`));
  });

  it('supports what its mounted hierarchies can, and says why not the rest', () => {
    const system = hybridMachine();
    const mounts = system.read('/proc/self/mountinfo');
    system.files.set('/proc/self/mountinfo', mounts.replace(/.*cgroup\/pids.*\n/, ''));
    system.refusals.push({ call: 'mkdir', path: /cgroup\/cpu\//, errno: 'EROFS' });
    const { memory, cpuRate, maxProcesses } = driverOf(system).support;
    expect(memory).toEqual({ available: true });
    expect(cpuRate).toMatchObject({
      available: false,
      reason: expect.stringMatching(/^\/sys\/fs\/cgroup\/cpu is read-only/),
    });
    expect(maxProcesses).toMatchObject({ reason: 'no hierarchy with the controller pids is mounted' });
  });

  it('works where hierarchies are mounted together', () => {
    const system = new FakeSystem();
    const mount = `32 31 0:29 / ${ROOT}/all rw - cgroup cgroup rw,cpu,cpuacct,memory,pids\n`;
    system.files.set('/proc/self/mountinfo', mount);
    system.files.set('/proc/self/cgroup', '1:cpu,cpuacct,memory,pids:/a\n');
    system.addGroup(`${ROOT}/all/a`, { controllers: 'cpu cpuacct memory pids', version: 1 });
    const pool = driverOf(system).createPoolGroup('x');
    expect(pool.folders).toEqual([`${ROOT}/all/a/ostler-4026531836-500-5000-x-1`]);
    pool.setLimits({ memory: 4_096, cpuRate: 2, maxProcesses: 3 });
    expect(pool.limits()).toEqual({ memory: 4_096, cpuRate: 2, maxProcesses: 3 });
  });
});

it.each([
  { errno: 'EACCES', remedy: /may not make control groups in .*: start as root, or .*unified_cgroup_hierarchy=1/ },
  { errno: 'EROFS', remedy: /is read-only, as in most containers: limit the container itself \(.*Kubernetes\)$/ },
] as const)('version 1 that answers $errno is explained', ({ errno, remedy }) => {
  const system = hybridMachine();
  system.refusals.push({ call: 'mkdir', path: /./, errno });
  expect(reasonOf(system)).toMatch(remedy);
});

describe('version 2', () => {
  it('has its groups at the root where this process is there', () => {
    const system = unifiedMachine({ group: '/', pids: [1, 500, 777] });
    system.realRoots.add(ROOT);
    const driver = driverOf(system);
    expect([driver.version, driver.support]).toEqual([2, ALL]);
    expect(driver.createPoolGroup('x').folders).toEqual([`${ROOT}/ostler-4026531836-500-5000-x-1`]);
    expect(system.read(`${ROOT}/cgroup.procs`)).toBe('1\n500\n777\n');
  });

  it('moves all processes of its group to a leaf where they are one tree', () => {
    const system = unifiedMachine({ group: '/app.service', pids: [400, 450, 500, 600, 601] });
    system.addProcess({ pid: 400, parent: 1 });
    system.addProcess({ pid: 450, parent: 400 });
    system.addProcess({ pid: 500, parent: 400 });
    system.addProcess({ pid: 600, parent: 500 });
    system.addProcess({ pid: 601, parent: 600 });
    expect(driverOf(system).support).toEqual(ALL);
    expect(system.read(`${ROOT}/app.service/cgroup.procs`)).toBe('');
    expect(system.read(`${ROOT}/app.service/ostler-self/cgroup.procs`)).toBe('400\n450\n500\n600\n601\n');
  });

  it('has its groups beside that leaf where this process is in it already', () => {
    const system = unifiedMachine({ group: '/app.service', pids: [] });
    driverOf(system);
    system.addGroup(`${ROOT}/app.service/ostler-self`, { controllers: '', version: 2, pids: [500] });
    system.files.set('/proc/self/cgroup', '0::/app.service/ostler-self\n');
    const [folder] = driverOf(system).createPoolGroup('x').folders;
    expect(folder).toBe(`${ROOT}/app.service/ostler-4026531836-500-5000-x-1`);
  });

  it('never moves processes that are not ours, be it for a parent that is in another group', () => {
    const system = unifiedMachine({ group: '/session.scope', pids: [500, 700] });
    system.addProcess({ pid: 400, parent: 1 });
    system.addProcess({ pid: 500, parent: 400 });
    system.addProcess({ pid: 700, parent: 400 });
    expect(reasonOf(system)).toMatch(
      /holds processes that are not ours \(700\).*systemd-run --user --scope -p Delegate=yes/,
    );
    expect(system.read(`${ROOT}/session.scope/cgroup.procs`)).toBe('500\n700\n');
  });

  it('says that a read-only mount is usual in containers, and what to do', () => {
    const system = unifiedMachine({ group: '/', options: 'ro,nosuid' });
    system.refusals.push({ call: 'write', path: /./, errno: 'EROFS' }, { call: 'mkdir', path: /./, errno: 'EROFS' });
    expect(reasonOf(system)).toMatch(
      /read-only.*docker run --memory.*resources\.limits in Kubernetes.*writable-cgroups=true/,
    );
  });

  it('says what a service needs whose group is not its own', () => {
    const system = unifiedMachine({ group: '/system.slice/app.service' });
    system.refusals.push({ call: 'write', path: /./, errno: 'EACCES' }, { call: 'mkdir', path: /./, errno: 'EACCES' });
    expect(reasonOf(system)).toMatch(/this user may not make control groups in .*app\.service: put Delegate=yes/);
  });

  it('supports the controllers that were delegated, and says how to get the others', () => {
    const system = unifiedMachine({ group: '/user.service', controllers: 'memory pids' });
    const driver = driverOf(system);
    expect(driver.support.memory).toEqual({ available: true });
    expect(driver.support.cpuRate).toMatchObject({
      reason: expect.stringMatching(/cpu is not enabled.*Delegate=cpu memory pids/),
    });
    const pool = driver.createPoolGroup('x');
    expect(() => pool.setLimits({ memory: 4_096, cpuRate: 0.5 })).toThrow(
      /limit cpuRate: EOPNOTSUPP \(the controller cpu is not/,
    );
    expect(pool.limits().memory).toBeUndefined();
  });

  it('says so when the mount does not show our group', () => {
    const system = unifiedMachine({ group: '/docker/1' });
    system.files.set('/proc/self/mountinfo', '31 23 0:28 /other /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n');
    expect(reasonOf(system)).toMatch(/does not show the group of this process, \/docker\/1.*--cgroupns=private/);
  });
});

it('a machine without control groups is told how to mount them', () => {
  const system = new FakeSystem();
  system.files.set('/proc/self/mountinfo', '23 1 8:1 / / rw - ext4 /dev/sda1 rw\n');
  system.files.set('/proc/self/cgroup', '');
  expect(reasonOf(system)).toMatch(/no control groups are mounted: mount -t cgroup2/);
});

it('a system without /proc is no error', () => {
  expect(reasonOf(new FakeSystem())).toBe('read /proc/self/mountinfo: ENOENT');
});

it.each(['hybrid', 'unified'])('the trial leaves nothing behind on a %s machine', (kind) => {
  const system = kind === 'hybrid' ? hybridMachine() : unifiedMachine({ group: '/a' });
  driverOf(system);
  expect([...system.files.keys()].filter((path) => /ostler-\d/.test(path))).toEqual([]);
});
