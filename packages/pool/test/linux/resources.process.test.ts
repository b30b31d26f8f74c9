import { readdirSync, readFileSync } from 'node:fs';
import { findControlGroups, load } from '@ostler/native';
import type { PoolOptions, ProcessPool } from '@ostler/pool';
import { describe, expect, it } from 'vitest';
import { errorOf, next, open as openPool, text } from '../pool/support.js';

const worker = new URL('../pool/fixtures/limited.mjs', import.meta.url);
const MIB = 1024 * 1024;
const groups = findControlGroups();

function open(options: Partial<PoolOptions>): ProcessPool {
  return openPool({ worker, ...options });
}

describe.skipIf(load().binding === undefined)('what the guard sets', () => {
  it('holds for every thread of a worker', async () => {
    const pool = open({ minWorkers: 1, resources: { priority: 'below-normal', cpus: [0] } });
    const { pid } = await next(pool, 'worker-ready');
    const threads = threadsOf(pid);
    expect(threads.length).toBeGreaterThan(6);
    for (const thread of threads) expect(thread).toEqual({ nice: 10, policy: 0, cpus: '0' });
  });

  it('is the idle policy for idle work', async () => {
    const pool = open({ minWorkers: 1, resources: { priority: 'idle' } });
    const { pid } = await next(pool, 'worker-ready');
    for (const thread of threadsOf(pid)) expect(thread).toMatchObject({ nice: 19, policy: 5 });
  });

  it('is refused at once where a CPU does not exist', () => {
    expect(() => open({ resources: { cpus: [0, 1_000_000] } })).toThrow(
      /^resources\.cpus: cannot be enforced on this linux machine: there is no such CPU.*EINVAL/,
    );
  });
});

describe.skipIf('reason' in groups)('a limit of memory', () => {
  it('ends the worker of the task that goes over it, and nobody else', async () => {
    const pool = open({ minWorkers: 2, maxWorkers: 2, resources: { memory: '100MiB' } });
    await pool.ready();
    const [error, spun] = await Promise.all([errorOf(pool.call('take', 300)), pool.call('spin', 100)]);
    expect(error).toMatchObject({ code: 'ERR_RESOURCE_LIMIT', resource: 'memory', limit: 100 * MIB, started: true });
    expect(error.used).toBeGreaterThan(90 * MIB);
    expect(spun).toBeGreaterThan(0);
    expect(text(await pool.run('next'))).toBe('next');
  });

  it('is told as such where the heap was full first', async () => {
    const pool = open({ resources: { memory: '100MiB' } });
    const error = await errorOf(pool.call('fill', null));
    expect(error).toMatchObject({ code: 'ERR_RESOURCE_LIMIT', limit: 100 * MIB });
  });

  it('is not, where the heap had a smaller size of its own', async () => {
    const pool = open({ resources: { memory: '300MiB' }, env: { NODE_OPTIONS: '--max-old-space-size=40' } });
    const error = await errorOf(pool.call('fill', null));
    expect(error).toMatchObject({ code: 'ERR_WORKER_CRASHED', oom: 'runtime' });
  });

  it('can be a cause for another attempt', async () => {
    const pool = open({ resources: { memory: '100MiB' } });
    const retries = { attempts: 1, on: ['memory'] } as const;
    expect(await errorOf(pool.call('take', 300, { retries }))).toMatchObject({ code: 'ERR_POISON_TASK' });
  });

  it('sets those of the runtimes', async () => {
    const pool = open({ resources: { memory: '100MiB' }, inheritEnv: ['PATH'] });
    expect(await pool.call('environment', null)).toEqual({ node: '--max-old-space-size=75', dotnet: '4b00000' });
  });

  it('that no worker can start within says so', async () => {
    const pool = open({ minWorkers: 1, resources: { memory: '4MiB' } });
    const error = await errorOf(pool.ready());
    expect(error.code).toBe('ERR_WORKER_START');
    expect(error.message).toContain('it had reached resources.memory (4194304 bytes)');
  });
});

describe.skipIf('reason' in groups)('other limits of a group', () => {
  it('slow a worker down', async () => {
    const pool = open({ resources: { cpuRate: 0.2 } });
    await pool.call('spin', 1);
    // A fifth of a CPU gives 100 ms in half a second; a period of 100 ms more or less is the kernel's measure.
    expect(await pool.call('spin', 100)).toBeGreaterThan(300);
  });

  it('contain what multiplies', async () => {
    const pool = open({ resources: { maxProcesses: 40 } });
    const started = await pool.call('multiply', 100);
    expect(started).toBeGreaterThan(0);
    expect(started).toBeLessThan(40);
    expect(text(await pool.run('next'))).toBe('next');
  });

  it('leave no group behind', async () => {
    const pool = open({ name: 'leaves-none', minWorkers: 2, maxWorkers: 2, resources: { maxProcesses: 100 } });
    await pool.ready();
    expect(groupsOf('leaves-none')).not.toEqual([]);
    await pool.close();
    expect(groupsOf('leaves-none')).toEqual([]);
  });
});

function threadsOf(pid: number): { nice: number; policy: number; cpus: string | undefined }[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const folder = `/proc/${pid}/task/${thread}`;
    const stat = readFileSync(`${folder}/stat`, 'latin1');
    // From the state on, which is field 3: nice is field 19, the policy field 41 (proc_pid_stat(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const status = readFileSync(`${folder}/status`, 'latin1');
    return {
      nice: Number(fields[16]),
      policy: Number(fields[38]),
      cpus: /^Cpus_allowed_list:\t(.*)$/m.exec(status)?.[1],
    };
  });
}

/** Folders of control groups whose name holds the pool's. */
function groupsOf(name: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync('/sys/fs/cgroup', { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory() && entry.name.includes(name)) found.push(entry.name);
  }
  return found;
}
