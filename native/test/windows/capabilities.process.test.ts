import { capabilities, processInfo, treeInfo } from '@ostler/native';
import { beforeAll, expect, it } from 'vitest';
import { addon, describeWithAddon, isWine, until } from './support.js';

const WORKS = { available: true };

/** Tests of other files run in this process too, and Wine is slow to end the consoles of what they started. */
let before: ReadonlySet<number>;

describeWithAddon('the capabilities of Windows', () => {
  beforeAll(() => {
    before = new Set(treeInfo(process.pid).pids);
  });

  it('are priorities, CPUs, a guard, killing and stopping, accounting and memory with a name', () => {
    const { priority, cpus, guard, treeKill, suspend, accounting, fastSpawn, mappedFiles } = capabilities();
    for (const each of Object.values(priority)) expect(each).toEqual(WORKS);
    for (const each of [cpus, guard, treeKill, suspend, accounting, fastSpawn, mappedFiles])
      expect(each).toEqual(WORKS);
  });

  it('are no adoption of orphans, and the reason says what there is instead', () => {
    const { orphanAdoption } = capabilities();
    expect(orphanAdoption).toMatchObject({ available: false });
    expect(JSON.stringify(orphanAdoption)).toContain('a job keeps hold of them');
  });

  it('are limits of memory, CPU rate and processes where Windows keeps them, and reasons where Wine does not', () => {
    const { memory, cpuRate, maxProcesses } = capabilities();
    for (const each of [memory, cpuRate, maxProcesses]) {
      if (isWine) expect(each).toMatchObject({ available: false });
      else expect(each).toEqual(WORKS);
    }
  });

  it('leave no process and no handle behind', async () => {
    // The windowless consoles of what ran go a moment after it.
    await until(() => treeInfo(process.pid).pids.every((pid) => before.has(pid)));
    expect(addon().ownHandles()).toBeLessThan(1_000);
    expect(processInfo(process.pid).parentPid).not.toBe(process.pid);
  });
});
