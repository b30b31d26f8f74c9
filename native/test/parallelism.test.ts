import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { cpuQuota, parallelism } from '../src/parallelism.js';

const V2_MOUNT = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const V1_MOUNTS =
  '33 32 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n' +
  '34 32 0:30 / /sys/fs/cgroup/memory rw shared:10 - cgroup cgroup rw,memory\n';

function quota(files: Record<string, string>): number {
  return cpuQuota((path) => files[path]);
}

describe('the CPU quota', () => {
  test('of version 2 is read from our own cgroup', () => {
    const files = {
      '/proc/self/cgroup': '0::/jobs/a\n',
      '/proc/self/mountinfo': V2_MOUNT,
      '/sys/fs/cgroup/jobs/a/cpu.max': '150000 100000\n',
    };
    expect(quota(files)).toBe(1.5);
  });

  test('of version 2 holds for the cgroups below it, and the tightest counts', () => {
    const files = {
      '/proc/self/cgroup': '0::/jobs/a\n',
      '/proc/self/mountinfo': V2_MOUNT,
      '/sys/fs/cgroup/jobs/a/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/jobs/cpu.max': '200000 100000\n',
      '/sys/fs/cgroup/cpu.max': '400000 100000\n',
    };
    expect(quota(files)).toBe(2);
  });

  test('is infinite where all cgroups say max', () => {
    const files = {
      '/proc/self/cgroup': '0::/\n',
      '/proc/self/mountinfo': V2_MOUNT,
      '/sys/fs/cgroup/cpu.max': 'max 100000\n',
    };
    expect(quota(files)).toBe(Infinity);
  });

  test('of version 1 is read where the CPU controller is mounted', () => {
    const files = {
      '/proc/self/cgroup': '4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/docker/abc\n',
      '/proc/self/mountinfo': V1_MOUNTS,
      '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    };
    expect(quota(files)).toBe(0.5);
  });

  test('in a container is found although /proc/self/cgroup has the path of the host', () => {
    const files = {
      '/proc/self/cgroup': '3:cpu,cpuacct:/docker/abc\n',
      '/proc/self/mountinfo': V1_MOUNTS.replaceAll(' / /sys', ' /docker/abc /sys'),
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '300000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    };
    expect(quota(files)).toBe(3);
  });

  test('with a cgroup namespace is that of the mount where our path lies outside of it', () => {
    const files = {
      '/proc/self/cgroup': '0::/../other\n',
      '/proc/self/mountinfo': V2_MOUNT.replace(' / /sys', ' /pod /sys'),
      '/sys/fs/cgroup/cpu.max': '100000 100000\n',
    };
    expect(quota(files)).toBe(1);
  });

  test.each([
    ['nothing', {}],
    ['garbage', { '/proc/self/cgroup': 'x\n::\n', '/proc/self/mountinfo': 'a b - c\n\n- -\n' }],
    [
      'a quota that is no number',
      { '/proc/self/cgroup': '0::/\n', '/proc/self/mountinfo': V2_MOUNT, '/sys/fs/cgroup/cpu.max': 'many\n' },
    ],
  ])('is infinite where there is %s', (_, files) => {
    expect(quota(files)).toBe(Infinity);
  });
});

describe('available CPUs', () => {
  const limited = (cpuMax: string) => (path: string) =>
    ({ '/proc/self/cgroup': '0::/', '/proc/self/mountinfo': V2_MOUNT, '/sys/fs/cgroup/cpu.max': cpuMax })[path];

  test('are those of the affinity where there is no quota', () => {
    expect(parallelism(8, () => undefined)).toBe(8);
  });

  test.skipIf(process.platform === 'win32')(
    'are as many as the quota, and a part of a CPU counts as one (needs control groups)',
    () => {
      expect(parallelism(8, limited('250000 100000'))).toBe(3);
      expect(parallelism(8, limited('10000 100000'))).toBe(1);
      expect(parallelism(2, limited('400000 100000'))).toBe(2);
    },
  );

  test('of this machine are between one and what the system says', () => {
    expect(parallelism()).toBeGreaterThanOrEqual(1);
    expect(parallelism()).toBeLessThanOrEqual(availableParallelism());
  });

  test.skipIf(process.platform !== 'linux')('come from files that Linux really has (needs Linux)', () => {
    const asked: string[] = [];
    cpuQuota((path) => {
      asked.push(path);
      return path.startsWith('/proc/') ? readFileSync(path, 'utf8') : undefined;
    });
    expect(asked.slice(0, 2)).toEqual(['/proc/self/cgroup', '/proc/self/mountinfo']);
  });
});
