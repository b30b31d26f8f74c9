import { FakeSystem } from './fake-system.js';

const V1_FLAGS = 'rw,relatime shared:9';

/** Version 1 with a hierarchy each, as where this project's own tests run, and version 2 beside it with nothing useful. */
export function hybridMachine(): FakeSystem {
  const system = new FakeSystem();
  const controllers = ['cpu', 'cpuacct', 'memory', 'pids'];
  const mounts = controllers.map(
    (name) => `32 31 0:29 / /sys/fs/cgroup/${name} ${V1_FLAGS} - cgroup cgroup rw,${name}`,
  );
  const unified = '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw';
  system.files.set('/proc/self/mountinfo', `23 1 8:1 / / rw - ext4 /dev/sda1 rw\n${[...mounts, unified].join('\n')}\n`);
  system.files.set('/proc/self/cgroup', '8:pids:/\n4:memory:/session/7\n2:cpuacct:/\n1:cpu:/\n0::/\n');
  for (const name of controllers) system.addGroup(`/sys/fs/cgroup/${name}`, { controllers: name, version: 1 });
  system.addGroup('/sys/fs/cgroup/memory/session/7', { controllers: 'memory', version: 1 });
  system.addGroup('/sys/fs/cgroup/unified', { controllers: 'hugetlb', version: 2, pids: [1, system.pid] });
  return system;
}

/** Version 2 alone, with this process in the folder of a group. */
export function unifiedMachine(facts: {
  group: string;
  controllers?: string;
  pids?: number[];
  options?: string;
}): FakeSystem {
  const system = new FakeSystem();
  const { group, controllers = 'cpuset cpu io memory pids', pids = [system.pid], options = 'rw,nosuid' } = facts;
  system.files.set('/proc/self/mountinfo', `31 23 0:28 / /sys/fs/cgroup ${options} - cgroup2 cgroup2 rw,nsdelegate\n`);
  system.files.set('/proc/self/cgroup', `0::${group}\n`);
  const folder = group === '/' ? '/sys/fs/cgroup' : `/sys/fs/cgroup${group}`;
  system.addGroup(folder, { controllers, version: 2, pids });
  return system;
}
