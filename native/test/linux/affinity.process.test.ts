import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { getAffinity, load, setAffinity } from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.js';
import { startNode } from './live-process.js';

describe.skipIf(load().binding === undefined)('the CPUs of a live process', () => {
  it('are set for all of its threads', async () => {
    const { pid } = await startNode();
    setAffinity(pid, [0]);
    const lists = readdirSync(`/proc/${pid}/task`).map((thread) => {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'latin1');
      return /^Cpus_allowed_list:\t(.*)$/m.exec(status)?.[1];
    });
    expect(lists.length).toBeGreaterThan(6);
    expect(new Set(lists)).toEqual(new Set(['0']));
    expect(getAffinity(pid)).toEqual([0]);
  });

  it('are those of threads that are born while they are set', async () => {
    const script = `const { Worker } = require('node:worker_threads');
      const more = () => new Worker('0', { eval: true }).once('exit', more); more();`;
    const { pid } = await startNode({ script });
    setAffinity(pid, [0]);
    expect(getAffinity(pid)).toEqual([0]);
  });

  it.each([[[1_000_000]], [[0, 1_000_000]], [[2 ** 40]]])(
    'stay what they were where one of %o is not there',
    async (cpus) => {
      const { pid } = await startNode();
      const before = getAffinity(pid);
      const error = errorOf(() => setAffinity(pid, cpus));
      expect(error).toMatchObject({ syscall: 'sched_setaffinity', errno: constants.errno.EINVAL });
      expect(error.message).toContain(`(CPUs ${cpus.join(',')})`);
      expect(getAffinity(pid)).toEqual(before);
    },
  );

  it.each([[[]], [[-1]], [[0.5]], ['0' as never]])('are refused where they are %o', (cpus) => {
    expect(() => setAffinity(process.pid, cpus)).toThrow(RangeError);
  });
});
