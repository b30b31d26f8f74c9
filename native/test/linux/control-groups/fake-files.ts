/** What version 1 says where memory has no limit. */
export const UNLIMITED = '9223372036854771712';

type Templates = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The files of a new group by controller, as far as we use them. */
export const FAKE_FILES_V1: Templates = {
  memory: {
    'memory.limit_in_bytes': UNLIMITED,
    'memory.memsw.limit_in_bytes': UNLIMITED,
    'memory.use_hierarchy': '1\n',
    'memory.usage_in_bytes': '0\n',
    'memory.max_usage_in_bytes': '0\n',
    'memory.memsw.max_usage_in_bytes': '0\n',
    'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 0\n',
    'memory.stat': 'inactive_file 0\ntotal_inactive_file 0\n',
  },
  cpu: { 'cpu.cfs_quota_us': '-1\n', 'cpu.cfs_period_us': '100000\n' },
  cpuacct: { 'cpuacct.usage': '0\n' },
  pids: { 'pids.max': 'max\n', 'pids.current': '0\n' },
};

export const FAKE_FILES_V2: Templates = {
  '': { 'cgroup.subtree_control': '\n', 'cgroup.kill': '', 'cpu.stat': 'usage_usec 0\nuser_usec 0\n' },
  memory: {
    'memory.max': 'max\n',
    'memory.swap.max': 'max\n',
    'memory.oom.group': '0\n',
    'memory.current': '0\n',
    'memory.peak': '0\n',
    'memory.stat': 'anon 0\ninactive_file 0\n',
    'memory.events.local': 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n',
  },
  cpu: { 'cpu.max': 'max 100000\n' },
  pids: { 'pids.max': 'max\n', 'pids.current': '0\n' },
};
