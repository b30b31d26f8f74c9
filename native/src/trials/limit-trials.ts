import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Support } from '../control-groups/control-group.js';
import { parseCpuList } from '../cpu-list.js';
import { type GuardLimits, guardOptions } from '../guard-limits.js';
import { requireAddon } from '../load.js';
import { type Priority, schedulingOf } from '../priority.js';
import { refusedLimit } from '../refused-limit.js';
import { missing, WORKS } from './support.js';

/** The numbers of sched(7), as /proc/PID/stat has them. */
const POLICIES = { other: 0, batch: 3, idle: 5 } as const;

const RAISE =
  'raising a priority takes CAP_SYS_NICE (docker run --cap-add SYS_NICE, Kubernetes: securityContext.capabilities.add, ' +
  'systemd: AmbientCapabilities=CAP_SYS_NICE, setcap cap_sys_nice+ep on native/build/Release/ostler-guard) or a limit of ' +
  'nice (ulimit -e 40, systemd: LimitNICE=40)';

/** Starts a process with this priority and lets it say which it has. */
export function tryPriority(priority: Priority): Support {
  const { nice, policy } = schedulingOf(priority);
  const limits = { nice, policy: policy === 'other' ? undefined : policy };
  const refused = refusedLimit(limits);
  if (refused !== null) return missing(refused.message, nice < 19 ? RAISE : undefined);
  const stat = underLimits(limits, '/proc/self/stat');
  // The name, in parentheses, may hold anything; what follows begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [hasNice, hasPolicy] = [Number(fields[19 - 3]), Number(fields[41 - 3])];
  if (hasNice === nice && hasPolicy === POLICIES[policy]) return WORKS;
  return missing(`set to nice ${nice} and policy ${POLICIES[policy]}, it has nice ${hasNice} and policy ${hasPolicy}`);
}

/** Starts a process on one of our CPUs and lets it say on which it may run. */
export function tryCpus(): Support {
  const [cpu = 0] = allowedCpus(readFileSync('/proc/self/status', 'utf8'));
  const limits = { cpus: [cpu] };
  const refused = refusedLimit(limits);
  if (refused !== null) return missing(refused.message);
  const allowed = allowedCpus(underLimits(limits, '/proc/self/status'));
  if (allowed.length === 1 && allowed[0] === cpu) return WORKS;
  return missing(`set to CPU ${cpu}, it has ${allowed.join(',') || 'none that the system tells'}`);
}

/** What a file of its own says to a guarded process. */
function underLimits(limits: GuardLimits, file: string): string {
  const { guardPath } = requireAddon('capabilities');
  const { stdout, error } = spawnSync(guardPath, [...guardOptions({ limits }), '--', 'cat', file], {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (error !== undefined) throw error;
  return stdout;
}

function allowedCpus(status: string): number[] {
  return parseCpuList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '');
}
