import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import {
  getPriority,
  getScheduling,
  load,
  type Priority,
  processInfo,
  setPriority,
  setScheduling,
} from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.js';
import { startNode } from './live-process.js';

const { ESRCH } = constants.errno;

/** Nice value and policy of each thread, by the kernel's own word: fields 19 and 41 of proc_pid_stat(5). */
function schedulings(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${fields[16]} ${fields[38]}`;
  });
}

describe.skipIf(load().binding === undefined)('the priority of a live process', () => {
  it.each<[Priority, string]>([
    ['idle', '19 5'],
    ['below-normal', '10 0'],
    ['normal', '0 0'],
  ])('%s is set for all of its threads', async (priority, expected) => {
    const { pid } = await startNode();
    setPriority(pid, priority);
    expect(schedulings(pid).length).toBeGreaterThan(6);
    expect(new Set(schedulings(pid))).toEqual(new Set([expected]));
    expect(getPriority(pid)).toBe(priority);
  });

  it('is that of everything below it, where the tree is meant', async () => {
    const child = `const { spawn } = require('node:child_process'); const below = spawn('sleep', ['60']);`;
    const { pid } = await startNode({ script: `${child} process.on('exit', () => below.kill())` });
    setPriority(pid, 'below-normal', { tree: true });
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').map(Number);
    expect(children.map(getPriority)).toEqual(['below-normal']);
    process.kill(children[0] as number);
  });

  it('is null where it is no class', async () => {
    const { pid } = await startNode();
    setScheduling(pid, { nice: 3, policy: 'batch' });
    expect(getPriority(pid)).toBeNull();
    expect(getScheduling(pid)).toEqual({ nice: 3, policy: 'batch' });
  });

  it('is refused by an unknown name, and by what is no process', () => {
    expect(() => setPriority(process.pid, 'low' as Priority)).toThrow(
      new RangeError('priority: expected one of idle, below-normal, normal, above-normal, high, got low'),
    );
    for (const pid of [0, -1, 1.5, Number.NaN]) {
      expect(() => setPriority(pid, 'idle')).toThrow(`pid: expected an integer from 1 to 2147483647, got ${pid}`);
    }
  });

  it('is left alone where the number is another process by now', async () => {
    const { pid } = await startNode();
    const { startTime } = processInfo(pid);
    expect(errorOf(() => setPriority(pid, 'idle', { startTime: startTime - 10 }))).toMatchObject({ errno: ESRCH, pid });
    expect(getPriority(pid)).toBe('normal');
    setPriority(pid, 'idle', { startTime });
    expect(getPriority(pid)).toBe('idle');
  });

  it('of a process that is gone is an error with the call and the number', async () => {
    const child = await startNode();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    const error = errorOf(() => setPriority(child.pid, 'idle'));
    expect(error).toMatchObject({ name: 'OsControlError', code: 'ERR_OS_CONTROL', errno: ESRCH, pid: child.pid });
  });
});
