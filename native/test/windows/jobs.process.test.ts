import { once } from 'node:events';
import { type ControlGroup, type ControlGroupDriver, findControlGroups, processInfo } from '@ostler/native';
import { afterEach, expect, it } from 'vitest';
import { errorOf } from '../error-of.js';
import { addon, describeWithAddon, isAlive, isWine, startFamily, startGuarded, startNode, until } from './support.js';

const MIB = 1_048_576;
/** JOB_OBJECT_MSG_NEW_PROCESS. */
const NEW_PROCESS = 6;
const LIMITS = ['memory', 'cpuRate', 'maxProcesses'] as const;

const groups: ControlGroup[] = [];

afterEach(async () => {
  for (const group of groups.splice(0).reverse()) {
    if (group.pids().length > 0) group.kill();
    await until(() => group.remove());
  }
});

function driver(): ControlGroupDriver {
  const found = findControlGroups();
  if ('reason' in found) throw new Error(found.reason);
  return found;
}

function poolGroup(): ControlGroup {
  const group = driver().createPoolGroup('test');
  groups.push(group);
  return group;
}

function child(of: ControlGroup, name: string): ControlGroup {
  const group = of.createChild(name);
  groups.push(group);
  return group;
}

function supports(limit: (typeof LIMITS)[number]): boolean {
  const found = findControlGroups();
  return !('reason' in found) && found.support[limit].available;
}

function jobName(name: string): string {
  return `Local\\ostler-test-${process.pid}-${name}`;
}

describeWithAddon('the jobs of workers', () => {
  it('are within that of the pool: a worker is in both, a second worker in another', async () => {
    const pool = poolGroup();
    const [one, two] = [child(pool, 'worker-1'), child(pool, 'worker-2')];
    const stay = [process.execPath, '-e', 'setInterval(() => {}, 60_000)'] as const;
    const first = startGuarded(stay, { limits: { groups: one.folders } });
    const second = startGuarded(stay, { limits: { groups: two.folders } });
    const pids = [await first.pid, await second.pid];
    expect(one.pids()).toEqual([pids[0]]);
    expect(two.pids()).toEqual([pids[1]]);
    expect(pool.pids().sort()).toEqual([...pids].sort());
    expect(one.usage().processes).toBe(1);
  });

  it('hold everything that a worker starts, and end all of it', async () => {
    const group = child(poolGroup(), 'worker-1');
    const { child: parent, pids } = await startFamily(1);
    const job = new (addon().Job)(jobName('family'));
    job.assign(parent.pid as number);
    const { pid } = await startNode();
    job.assign(pid);
    expect(job.processes().sort()).toEqual([...pids, pid].sort());
    const exit = once(parent, 'exit');
    job.terminate(77);
    expect((await exit)[0]).toBe(77);
    await until(() => job.processes().length === 0);
    expect(job.takeMessages().filter((message) => message === NEW_PROCESS)).toHaveLength(2);
    job.close();
    expect(group.pids()).toEqual([]);
  });

  it('end what is in them when they are closed', async () => {
    const job = new (addon().Job)(jobName('closed'));
    const { pid } = await startNode();
    job.assign(pid);
    job.close();
    await until(() => !isAlive(pid));
  });

  it('end a worker with all below it by one call, and are removed then', async () => {
    const group = child(poolGroup(), 'worker-1');
    const worker = startGuarded([process.execPath, '-e', 'setInterval(() => {}, 60_000)'], {
      limits: { groups: group.folders },
    });
    await worker.pid;
    expect(group.remove()).toBe(false);
    group.kill();
    expect(await worker.ending).toEqual({ code: 137, signal: null });
    await until(() => group.remove());
  });

  it('count CPU time and the processes that live', async () => {
    const group = child(poolGroup(), 'worker-1');
    expect(group.usage()).toMatchObject({ processes: 0, cpuMs: 0 });
    expect(group.oomKills()).toBe(0);
  });
});

describeWithAddon('a limit of a job', () => {
  it.each(LIMITS)('of %s is available, or the reason says that Windows took it and did not keep it', (limit) => {
    const support = driver().support[limit];
    if (support.available) return expect(isWine).toBe(false);
    expect(support.reason).toMatch(/it is not enforced here|winerr \d+/);
  });

  it.each(LIMITS)('of %s that is not enforced here is refused, and changes nothing', (limit) => {
    if (supports(limit)) return expect(isWine).toBe(false);
    const group = poolGroup();
    const error = errorOf(() => group.setLimits({ [limit]: 2 }));
    expect(error).toMatchObject({ name: 'OsControlError', syscall: `limit ${limit}` });
    expect(group.limits()).toEqual({ memory: undefined, cpuRate: undefined, maxProcesses: undefined });
  });

  it('that is no sensible number is a RangeError', () => {
    const group = poolGroup();
    for (const limits of [{ memory: 0 }, { cpuRate: Number.NaN }, { maxProcesses: 1.5 }]) {
      expect(() => group.setLimits(limits)).toThrow(RangeError);
    }
  });

  it.runIf(LIMITS.every(supports))('is read back, replaced and removed (needs a Windows that enforces all)', () => {
    const group = poolGroup();
    group.setLimits({ memory: 256 * MIB, cpuRate: 0.5, maxProcesses: 20 });
    expect(group.limits()).toMatchObject({ memory: 256 * MIB, maxProcesses: 20 });
    expect(group.limits().cpuRate).toBeCloseTo(0.5, 2);
    group.setLimits({ maxProcesses: 30 });
    expect(group.limits()).toEqual({ memory: undefined, cpuRate: undefined, maxProcesses: 30 });
  });

  it.runIf(supports('memory'))(
    'of memory refuses what is above it, and counts that (needs a Windows that enforces it)',
    async () => {
      const group = child(poolGroup(), 'worker-1');
      group.setLimits({ memory: 256 * MIB });
      const script = 'const all = []; for (;;) all.push(Buffer.alloc(16 * 1_048_576, 1));';
      const worker = startGuarded([process.execPath, '-e', script], { limits: { groups: group.folders } });
      expect((await worker.ending).code).not.toBe(0);
      expect(group.oomKills()).toBeGreaterThan(0);
    },
  );

  it.runIf(supports('maxProcesses'))('of processes refuses one more (needs a Windows that enforces it)', async () => {
    const group = child(poolGroup(), 'worker-1');
    group.setLimits({ maxProcesses: 1 });
    const script = "process.exit(require('node:child_process').spawnSync(process.execPath, ['-v']).error ? 5 : 0)";
    const worker = startGuarded([process.execPath, '-e', script], { limits: { groups: group.folders } });
    expect((await worker.ending).code).toBe(5);
  });
});

describeWithAddon('an error of jobs', () => {
  it('is specific for a name that is in use', () => {
    const job = new (addon().Job)(jobName('twice'));
    const error = errorOf(() => new (addon().Job)(jobName('twice')));
    expect(error).toMatchObject({ syscall: 'CreateJobObjectW', winerr: 183 });
    job.close();
  });

  it('is specific for a process that is in a job which this one can’t be nested in', async () => {
    const [one, two] = [new (addon().Job)(jobName('one')), new (addon().Job)(jobName('two'))];
    const [first, second] = [await startNode(), await startNode()];
    one.assign(first.pid);
    two.assign(second.pid);
    // What is in one of two jobs that are side by side can’t be in the other.
    expect(errorOf(() => one.assign(second.pid))).toMatchObject({ syscall: 'AssignProcessToJobObject', winerr: 5 });
    one.close();
    two.close();
  });

  it('names the job that a worker can’t be nested in, and starts nothing', async () => {
    const [one, two] = [poolGroup(), poolGroup()];
    const stay = [process.execPath, '-e', 'setInterval(() => {}, 60_000)'] as const;
    for (const { folders } of [one, two]) await startGuarded(stay, { limits: { groups: folders } }).pid;
    const both = { limits: { groups: [...one.folders, ...two.folders] } };
    const error = await startGuarded(stay, both).pid.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ syscall: 'AssignProcessToJobObject', winerr: 5 });
    expect((error as Error).message).toContain(two.folders[0]);
    expect(one.pids()).toHaveLength(1);
  });

  it('is specific for a process that is gone', async () => {
    const job = new (addon().Job)(jobName('gone'));
    expect(errorOf(() => job.assign(99_996))).toMatchObject({ syscall: 'OpenProcess', winerr: 87 });
    job.close();
  });

  it('is specific for a handle that is gone: no call reaches the job of this process', () => {
    const job = new (addon().Job)(jobName('handle'));
    job.close();
    const calls = [
      () => job.processes(),
      () => job.assign(process.pid),
      () => job.terminate(1),
      () => job.takeMessages(),
    ];
    for (const call of calls) expect(errorOf(call)).toMatchObject({ winerr: 6 });
    expect(processInfo(process.pid).pid).toBe(process.pid);
  });

  it('leaves no handle: as many after it as before', () => {
    const use = (name: string): void => {
      const job = new (addon().Job)(jobName(name));
      errorOf(() => new (addon().Job)(jobName(name)));
      errorOf(() => job.assign(99_996));
      job.processes();
      job.takeMessages();
      job.close();
    };
    use('first');
    const before = addon().ownHandles();
    for (let i = 0; i < 20; i++) use(`next-${i}`);
    expect(addon().ownHandles()).toBeLessThan(before + 20);
  });
});
