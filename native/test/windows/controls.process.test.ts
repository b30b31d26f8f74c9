import { once } from 'node:events';
import {
  adoptOrphans,
  createSharedMemory,
  getAffinity,
  getPriority,
  killTree,
  mapFile,
  openSharedMemory,
  type Priority,
  parallelism,
  processInfo,
  processUsage,
  resume,
  setAffinity,
  setPriority,
  setScheduling,
  suspend,
  topology,
  treeInfo,
} from '@ostler/native';
import { expect, it } from 'vitest';
import { errorOf } from '../error-of.js';
import { addon, describeWithAddon, isAlive, startFamily, startNode, until } from './support.js';

const PRIORITIES: readonly Priority[] = ['idle', 'below-normal', 'above-normal', 'high', 'normal'];
const PAGE = 4_096;

describeWithAddon('the priority of a process on Windows', () => {
  it.each(PRIORITIES)('%s is set and read back', async (priority) => {
    const { pid } = await startNode();
    setPriority(pid, priority);
    expect(getPriority(pid)).toBe(priority);
  });

  it('is the class that Node gives a nice value', async () => {
    const { pid } = await startNode();
    setScheduling(pid, { nice: 5, policy: 'other' });
    expect(getPriority(pid)).toBe('normal');
    setScheduling(pid, { nice: 12, policy: 'other' });
    expect(getPriority(pid)).toBe('below-normal');
  });

  it('is that of everything below it, where the tree is meant', async () => {
    const { pids } = await startFamily(3);
    setPriority(pids[0] as number, 'below-normal', { tree: true });
    expect(pids.map(getPriority)).toEqual(pids.map(() => 'below-normal'));
  });
});

describeWithAddon('the CPUs of a process on Windows', () => {
  it('are those that were set, and no others', async () => {
    const { pid } = await startNode();
    const [first] = topology();
    setAffinity(pid, [first?.cpu as number]);
    expect(getAffinity(pid)).toEqual([first?.cpu]);
  });

  it('are numbered as its topology says, and as many as this process may use', () => {
    const cpus = topology().map(({ cpu }) => cpu);
    expect(getAffinity(process.pid)?.every((cpu) => cpus.includes(cpu))).toBe(true);
    expect(parallelism()).toBe(getAffinity(process.pid)?.length);
  });

  it('stay as they are where one beyond the processor groups is asked for', async () => {
    const { pid } = await startNode();
    const before = getAffinity(pid);
    const error = errorOf(() => setAffinity(pid, [0, 4_000]));
    expect(error).toMatchObject({ syscall: 'SetProcessAffinityMask', winerr: 87, pid });
    expect(error.message).toContain('CPUs 0,4000');
    expect(getAffinity(pid)).toEqual(before);
  });
});

describeWithAddon('what Windows says of a process', () => {
  it('is its memory, CPU time, parent and start', async () => {
    const before = Date.now();
    const { pid } = await startNode('for (const end = Date.now() + 200; Date.now() < end; );');
    const info = processInfo(pid);
    expect(info).toMatchObject({ pid, state: '' });
    expect(info.cpuMs).toBeGreaterThan(50);
    expect(info.memory).toBeGreaterThan(4_000_000);
    expect(info.peakMemory).toBeGreaterThanOrEqual(info.memory as number);
    // The clocks of a process table and of a program may differ by a tick.
    expect(info.startTime).toBeGreaterThan(before - 100);
    expect(info.startTime).toBeLessThan(Date.now() + 100);
    expect(info.threads).toBeGreaterThan(1);
  });

  it('is its CPU time and memory in short, and nothing for one that is gone', async () => {
    const { pid } = await startNode();
    expect(processUsage(pid)?.memory).toBeGreaterThan(4_000_000);
    expect(processUsage(99_996)).toBeNull();
  });

  it('is summed up for a tree', async () => {
    const { pids } = await startFamily(3);
    const info = treeInfo(pids[0] as number);
    expect([...info.pids].sort()).toEqual([...pids].sort());
  });

  it('leaves the process alone that has the number of another by now', async () => {
    const { pid } = await startNode();
    const startTime = processInfo(pid).startTime - 1;
    expect(errorOf(() => setPriority(pid, 'idle', { startTime })).syscall).toBe('OpenProcess');
    expect(errorOf(() => killTree(pid, { startTime })).pid).toBe(pid);
    expect(isAlive(pid)).toBe(true);
  });
});

describeWithAddon('a process on Windows', () => {
  it('is stopped, however often that is asked for, and goes on with one call', async () => {
    const { pid, stdin, stdout } = await startNode("process.stdin.on('data', () => process.stdout.write('heard'))");
    suspend(pid);
    suspend(pid);
    expect(addon().isSuspended(pid)).toBe(true);
    resume(pid);
    expect(addon().isSuspended(pid)).toBe(false);
    stdin?.write('x');
    expect(String(await once(stdout as NonNullable<typeof stdout>, 'data'))).toBe('heard');
  });

  it('is killed with everything below it', async () => {
    const { child, pids } = await startFamily(3);
    const exit = once(child, 'exit');
    killTree(pids[0] as number);
    await exit;
    await until(() => pids.every((pid) => !isAlive(pid)));
  });
});

describeWithAddon('an error of Windows', () => {
  it.each([
    ['setPriority', (pid: number) => setPriority(pid, 'idle')],
    ['setAffinity', (pid: number) => setAffinity(pid, [0])],
    ['processInfo', (pid: number) => void processInfo(pid)],
    ['suspend', (pid: number) => suspend(pid)],
    ['killTree', (pid: number) => killTree(pid)],
  ])('of %s names the call and a process that is gone', async (_, call) => {
    const child = await startNode();
    const exit = once(child, 'exit');
    child.kill();
    await exit;
    const error = errorOf(() => call(child.pid));
    expect(error).toMatchObject({ name: 'OsControlError', syscall: 'OpenProcess', pid: child.pid });
    expect(error.message).toContain('ESRCH');
  });

  it('has the number and the words of the system', async () => {
    const { pid } = await startNode();
    const error = errorOf(() => setAffinity(pid, [4_000]));
    expect(error.winerr).toBe(87);
    expect(error.message).toMatch(/EINVAL \(winerr 87: \S.*; CPUs 4000\)/);
  });

  it('says what only another system has', () => {
    expect(errorOf(() => adoptOrphans()).message).toContain('Windows has no such thing');
    expect(errorOf(() => mapFile(3, PAGE)).message).toContain('ENOSYS');
  });
});

describeWithAddon('memory with a name', () => {
  const name = `Local\\ostler-test-${process.pid}`;

  it('is the same for all that open it', () => {
    const [ours, theirs] = [createSharedMemory(name, PAGE), openSharedMemory(name, PAGE)];
    new Uint8Array(ours)[7] = 42;
    expect(new Uint8Array(theirs)[7]).toBe(42);
    expect(errorOf(() => createSharedMemory(name, PAGE))).toMatchObject({ winerr: 183 });
    expect(errorOf(() => openSharedMemory(name, 1_000 * PAGE))).toMatchObject({ syscall: 'MapViewOfFile', winerr: 5 });
  });

  it('can’t be opened by one that nobody has', () => {
    const error = errorOf(() => openSharedMemory(`${name}-none`, PAGE));
    expect(error).toMatchObject({ syscall: 'OpenFileMappingW', winerr: 2 });
  });

  it('is refused before the system is asked where name or size is none', () => {
    expect(() => createSharedMemory('', PAGE)).toThrow(RangeError);
    expect(() => createSharedMemory('a\0b', PAGE)).toThrow(RangeError);
    expect(() => openSharedMemory(name, 0)).toThrow(RangeError);
  });
});

describeWithAddon('the handles of this process', () => {
  it('are as many after calls that worked and calls that were refused', async () => {
    const { pid } = await startNode();
    const gone = 99_996;
    const calls = (): void => {
      setPriority(pid, 'below-normal', { tree: true });
      setAffinity(pid, [0]);
      suspend(pid, { tree: true });
      resume(pid, { tree: true });
      treeInfo(pid);
      topology();
      for (const refused of [
        () => setAffinity(pid, [4_000]),
        () => setPriority(gone, 'idle'),
        () => processInfo(gone),
        () => killTree(gone),
        () => openSharedMemory('Local\\ostler-none', PAGE),
      ])
        errorOf(refused);
    };
    calls(); // what is loaded at the first of them stays
    const before = addon().ownHandles();
    for (let i = 0; i < 20; i++) calls();
    expect(addon().ownHandles()).toBeLessThan(before + 20);
  });
});
