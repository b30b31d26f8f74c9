import { adoptOrphans, killTree, load, processInfo, reapOrphans, resume, suspend, treeInfo } from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.js';
import { startNode } from './live-process.js';

const MIB = 1024 * 1024;
const BELOW = `const { spawn } = require('node:child_process'); spawn('sh', ['-c', 'sleep 60 & wait']);`;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

function isGone(pid: number): boolean {
  try {
    return processInfo(pid).state === 'Z';
  } catch {
    return true;
  }
}

describe('what the system says of a process', () => {
  it('is its memory, CPU time, threads and age', async () => {
    const before = Date.now();
    const { pid } = await startNode({ script: `globalThis.held = Buffer.alloc(${50 * MIB}, 1)` });
    const info = processInfo(pid);
    expect(info).toMatchObject({ pid, parentPid: process.pid });
    expect(info.threads).toBeGreaterThan(6);
    expect(info.privateMemory).toBeGreaterThan(50 * MIB);
    expect(info.memory).toBeGreaterThan(info.privateMemory as number);
    expect(info.peakMemory).toBeGreaterThanOrEqual(info.memory as number);
    // The kernel tells the time of its start to a second.
    expect(Math.abs(info.startTime - before)).toBeLessThan(60_000);
  });

  it('is summed up for a tree', async () => {
    const { pid } = await startNode({ script: BELOW });
    await until(() => treeInfo(pid).pids.length === 3);
    expect(treeInfo(pid).privateMemory).toBeGreaterThan(processInfo(pid).privateMemory as number);
    killTree(pid);
  });

  it('is an error for one that is gone', () => {
    expect(errorOf(() => processInfo(0x7fff_ffff))).toMatchObject({ code: 'ERR_OS_CONTROL', pid: 0x7fff_ffff });
  });
});

describe('a tree of processes', () => {
  it('is killed as a whole', async () => {
    const { pid } = await startNode({ script: BELOW });
    await until(() => treeInfo(pid).pids.length === 3);
    const { pids } = treeInfo(pid);
    killTree(pid);
    await until(() => pids.every(isGone));
  });

  it('stops and goes on', async () => {
    const { pid } = await startNode({ script: BELOW });
    await until(() => treeInfo(pid).pids.length === 3);
    const states = () => treeInfo(pid).pids.map((each) => processInfo(each).state);
    suspend(pid, { tree: true });
    await until(() => states().every((state) => state === 'T'));
    resume(pid, { tree: true });
    await until(() => states().every((state) => state !== 'T'));
    killTree(pid);
  });

  it.skipIf(load().binding === undefined)('whose parent ends is adopted, and reaped when it has ended', async () => {
    adoptOrphans();
    try {
      const child = await startNode({
        script: `require('node:child_process').spawn('sleep', ['60'], { detached: true })`,
      });
      await until(() => treeInfo(child.pid).pids.length === 2);
      const [, orphan] = treeInfo(child.pid).pids as [number, number];
      child.kill('SIGKILL');
      await until(() => processInfo(orphan).parentPid === process.pid);
      process.kill(orphan, 'SIGKILL');
      await until(() => isGone(orphan));
      await until(() => reapOrphans() === 1);
      expect(errorOf(() => processInfo(orphan))).toMatchObject({ code: 'ERR_OS_CONTROL' });
    } finally {
      adoptOrphans(false);
    }
  });
});
