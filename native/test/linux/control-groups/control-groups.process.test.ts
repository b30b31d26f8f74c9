import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ControlGroup, type ControlGroupDriver, findControlGroups, OsControlError } from '@ostler/native';
import { afterEach, describe, expect, it } from 'vitest';
import { endOf, spawnIn, started } from './in-group.js';

const MiB = 1_048_576;
const found = findControlGroups();
const driver = found as ControlGroupDriver;
const missing =
  'reason' in found
    ? found.reason
    : Object.values(driver.support)
        .map((support) => (support.available ? '' : support.reason))
        .join('');

const EAT_300_MIB = 'const b = []; for (let i = 0; i < 300; i++) b.push(Buffer.alloc(1 << 20, 1))';

describe.skipIf(missing !== '')(`control groups, which need: ${missing || 'nothing that is missing here'}`, () => {
  const groups: ControlGroup[] = [];
  const children: ChildProcess[] = [];

  afterEach(async () => {
    for (const group of groups) group.kill();
    await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    for (const group of groups.splice(0)) await removed(group);
    children.length = 0;
  });

  function poolGroup(): ControlGroup {
    const group = driver.createPoolGroup('test');
    groups.push(group);
    return group;
  }

  function run(group: ControlGroup, ...command: string[]): ChildProcess {
    const child = spawnIn(group, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }

  it('a process above the memory limit is killed, and its group alone counts it', async () => {
    const pool = poolGroup();
    const guilty = pool.createChild('guilty');
    const neighbour = pool.createChild('neighbour');
    guilty.setLimits({ memory: 100 * MiB });
    neighbour.setLimits({ memory: 100 * MiB });
    const quiet = await started(run(neighbour, 'sh', '-c', 'echo here; exec sleep 1000'));
    const end = await endOf(run(guilty, process.execPath, '-e', EAT_300_MIB));
    expect(end).toEqual({ code: null, signal: 'SIGKILL' });
    expect([guilty.oomKills(), neighbour.oomKills(), pool.oomKills()]).toEqual([1, 0, 0]);
    expect(guilty.usage().peakMemory).toBeGreaterThan(50 * MiB);
    expect(quiet.exitCode ?? quiet.signalCode).toBeNull();
  });

  it('a process that is killed for the limit of the group above is counted there', async () => {
    const pool = poolGroup();
    const worker = pool.createChild('worker');
    pool.setLimits({ memory: 100 * MiB });
    worker.setLimits({ memory: 500 * MiB });
    const end = await endOf(run(worker, process.execPath, '-e', EAT_300_MIB));
    expect(end.signal).toBe('SIGKILL');
    expect([worker.oomKills(), pool.oomKills()]).toEqual([0, 1]);
    expect(worker.remove()).toBe(true);
    expect(pool.oomKills()).toBe(1);
  });

  it('a process killed by a signal is nobody’s want of memory', async () => {
    const worker = poolGroup().createChild('worker');
    worker.setLimits({ memory: 100 * MiB });
    const child = await started(run(worker, 'sh', '-c', 'echo here; exec sleep 1000'));
    child.kill('SIGKILL');
    await endOf(child);
    expect(worker.oomKills()).toBe(0);
  });

  it('limits are read back, replaced as a whole, and gone when they are not given', () => {
    const worker = poolGroup().createChild('worker');
    worker.setLimits({ memory: 100 * MiB, cpuRate: 0.2, maxProcesses: 20 });
    expect(worker.limits()).toEqual({ memory: 100 * MiB, cpuRate: 0.2, maxProcesses: 20 });
    worker.setLimits({ memory: 200 * MiB, cpuRate: 1.5 });
    expect(worker.limits()).toEqual({ memory: 200 * MiB, cpuRate: 1.5, maxProcesses: undefined });
    worker.setLimits({ cpuRate: 0.002, maxProcesses: 7 });
    expect(worker.limits()).toEqual({ memory: undefined, cpuRate: 0.002, maxProcesses: 7 });
    worker.setLimits({});
    expect(worker.limits()).toEqual({ memory: undefined, cpuRate: undefined, maxProcesses: undefined });
  });

  it('a limit that the kernel refuses leaves all others as they were', () => {
    const worker = poolGroup().createChild('worker');
    worker.setLimits({ memory: 100 * MiB, cpuRate: 0.2 });
    const attempt = () => worker.setLimits({ memory: 300 * MiB, cpuRate: 0.8, maxProcesses: 1e9 });
    expect(attempt).toThrow(OsControlError);
    expect(attempt).toThrow(/^write \/.*\/worker\/pids\.max: EINVAL/);
    expect(worker.limits()).toEqual({ memory: 100 * MiB, cpuRate: 0.2, maxProcesses: undefined });
  });

  it('less memory than is in use is refused, and nobody is killed for it', async () => {
    const worker = poolGroup().createChild('worker');
    worker.setLimits({ memory: 200 * MiB });
    const program = 'globalThis.kept = Buffer.alloc(60 << 20, 1); console.log(1); setInterval(() => {}, 1e6)';
    const child = await started(run(worker, process.execPath, '-e', program));
    expect(() => worker.setLimits({ memory: 50 * MiB, maxProcesses: 30 })).toThrow(/^write \/.*: EBUSY/);
    expect(worker.limits()).toEqual({ memory: 200 * MiB, cpuRate: undefined, maxProcesses: undefined });
    expect(child.exitCode ?? child.signalCode).toBeNull();
  });

  it('a fork above the process limit is refused with EAGAIN', async () => {
    const worker = poolGroup().createChild('worker');
    worker.setLimits({ maxProcesses: 16 });
    const program = `
      const { spawn } = require('node:child_process');
      const codes = [];
      for (let i = 0; i < 20; i++) {
        const child = spawn('sleep', ['1000']);
        child.on('error', (error) => codes.push(error.code)).on('spawn', () => codes.push('spawned'));
      }
      setImmediate(() => { console.log(JSON.stringify(codes)); process.kill(process.pid, 'SIGSTOP'); });`;
    const child = run(worker, process.execPath, '-e', program);
    const [output] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    const codes: string[] = JSON.parse(String(output));
    expect(codes).toHaveLength(20);
    expect(codes.filter((code) => code === 'EAGAIN').length).toBeGreaterThan(4);
    expect(worker.usage().processes).toBe(1 + codes.filter((code) => code === 'spawned').length);
  });

  it('usage counts the CPU time, memory and processes of a group and of what is below it', async () => {
    const pool = poolGroup();
    const worker = pool.createChild('worker');
    const program = `
      globalThis.kept = Buffer.alloc(60 << 20, 1);
      for (const end = process.cpuUsage().user + 200_000; process.cpuUsage().user < end; );
      console.log('done'); setInterval(() => {}, 1e6)`;
    await started(run(worker, process.execPath, '-e', program));
    for (const usage of [worker.usage(), pool.usage()]) {
      expect(usage.cpuMs).toBeGreaterThan(200);
      expect(usage.memory).toBeGreaterThan(60 * MiB);
      expect(usage.peakMemory).toBeGreaterThan(60 * MiB);
      expect(usage.processes).toBe(1);
    }
  });

  it('kill ends every process of a group, also those that left its session, and no other', async () => {
    const pool = poolGroup();
    const worker = pool.createChild('worker');
    const neighbour = pool.createChild('neighbour');
    const forks = 'setsid sleep 1000 & setsid sh -c "sleep 1000 & sleep 1000" & echo here; wait';
    const child = await started(run(worker, 'sh', '-c', forks));
    const quiet = await started(run(neighbour, 'sh', '-c', 'echo here; exec sleep 1000'));
    expect(worker.pids()).toContain(child.pid);
    worker.kill();
    expect((await endOf(child)).signal).toBe('SIGKILL');
    await removed(worker);
    expect(pool.pids()).toEqual([quiet.pid]);
  });

  it('kill ends a fork bomb', async () => {
    const worker = poolGroup().createChild('worker');
    worker.setLimits({ maxProcesses: 60 });
    const bomb = 'bomb() { bomb & bomb & wait; }; echo here; bomb';
    const child = await started(run(worker, 'sh', '-c', bomb));
    worker.kill();
    await endOf(child);
    await removed(worker);
    expect(worker.folders.filter(existsSync)).toEqual([]);
  });

  it('a group with a process in it is not removed, and is when that has ended', async () => {
    const worker = poolGroup().createChild('worker');
    const child = await started(run(worker, 'sh', '-c', 'echo here; exec sleep 1000'));
    expect(worker.remove()).toBe(false);
    expect(worker.folders.some(existsSync)).toBe(true);
    worker.kill();
    await endOf(child);
    await removed(worker);
    expect(worker.remove()).toBe(true);
  });

  it('groups of an owner that was killed are removed with their processes, those of a living one stay', async () => {
    const living = poolGroup();
    const program = `
      import { findControlGroups } from '@ostler/native';
      const group = findControlGroups().createPoolGroup('abandoned').createChild('worker');
      console.log(JSON.stringify(group.folders));
      setInterval(() => {}, 1e6);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await once(owner.stdout, 'data');
    const abandoned = { folders: JSON.parse(String(output)) as string[] } as unknown as ControlGroup;
    const orphan = await started(run(abandoned, 'sh', '-c', 'echo here; exec sleep 1000'));
    expect(driver.removeStaleGroups()).toBe(0);
    expect(abandoned.folders.every(existsSync)).toBe(true);
    owner.kill('SIGKILL');
    await endOf(owner);
    driver.removeStaleGroups();
    expect((await endOf(orphan)).signal).toBe('SIGKILL');
    await until(() => driver.removeStaleGroups() === 0);
    expect(abandoned.folders.map(dirname).filter(existsSync)).toEqual([]);
    expect(living.folders.every(existsSync)).toBe(true);
  });

  it('the trial and the pools of this process leave nothing behind', () => {
    const pool = driver.createPoolGroup('test');
    const bases = pool.folders.map(dirname);
    pool.remove();
    const ours = bases.flatMap((base) => readdirSync(base)).filter((name) => name.includes(`-${process.pid}-`));
    expect(ours).toEqual([]);
  });
});

it('OSTLER_NATIVE=off makes control groups absent', () => {
  const program = "import { findControlGroups } from '@ostler/native'; console.log(findControlGroups().reason)";
  const env = { ...process.env, OSTLER_NATIVE: 'off' };
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', env });
  expect(stdout).toBe('OSTLER_NATIVE=off is set\n');
});

/** A killed process is in its group for a moment longer. */
async function removed(group: ControlGroup): Promise<void> {
  await until(() => group.remove());
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
