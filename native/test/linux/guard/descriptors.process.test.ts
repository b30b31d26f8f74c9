import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { load } from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { guardPath, startedPid, useGuards } from './guarded.js';

describe.skipIf(load().binding === undefined)('the descriptors of a pool', () => {
  const start = useGuards();

  it('are the worker’s, and none is the guard’s but the control socket', async () => {
    const guard = start({ command: ['cat'] });
    const worker = await startedPid(guard);
    const held = descriptorsOf(guard.child.pid as number);
    expect(held.slice(0, 3)).toEqual(['/dev/null', '/dev/null', '/dev/null']);
    expect(
      held
        .slice(3)
        .map((name) => name.replace(/\d+/, 'N'))
        .sort(),
    ).toEqual(['anon_inode:[signalfd]', 'socket:[N]']);
    const numbers = readdirSync(`/proc/${worker}/fd`).map(Number);
    // Standard input, output and error, and two more; beside what these tests may have been started with.
    expect(numbers).toEqual(expect.arrayContaining([0, 1, 2, 4, 5]));
    const passed = descriptorsOf(worker);
    for (const own of held.slice(3)) expect(passed).not.toContain(own);
  });

  it('are let go by the guard however many they are', async () => {
    const stdio = Array.from({ length: 200 }, () => 'pipe' as const);
    const child = spawn(guardPath(), ['--control=100', '--', 'cat'], { stdio });
    try {
      await new Promise((resolve) => (child.stdio[100] as Socket).once('data', resolve));
      expect(descriptorsOf(child.pid as number).length).toBe(5);
    } finally {
      for (const stream of child.stdio) (stream as Socket).destroy();
    }
    await new Promise((resolve) => child.once('exit', resolve));
  });

  it('may lack a standard one: the worker gets /dev/null in its place', () => {
    const command = 'exec "$0" -- readlink /proc/self/fd/0 <&-';
    expect(spawnSync('sh', ['-c', command, guardPath()], { encoding: 'utf8' }).stdout).toBe('/dev/null\n');
  });
});

function descriptorsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder)
    .sort((a, b) => Number(a) - Number(b))
    .map((fd) => readlinkSync(`${folder}/${fd}`));
}
