import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { getAffinity } from './affinity.js';
import type { Support } from './control-groups/control-group.js';
import { findControlGroups } from './control-groups/find-control-groups.js';
import type { GuardLimits } from './guard-limits.js';
import { load } from './load.js';
import { OsControlError } from './os-control-error.js';
import { type Priority, schedulingOf } from './priority.js';
import { processInfo } from './process-info.js';
import { refusedLimit } from './refused-limit.js';

/** What this package can do on this machine, by name. */
export interface Capabilities {
  /** Setting each of the priorities, on all threads, from the start of a process. */
  readonly priority: Readonly<Record<Priority, Support>>;
  readonly cpus: Support;
  readonly memory: Support;
  readonly cpuRate: Support;
  readonly maxProcesses: Support;
  /** A guard that leaves nothing of a process behind. */
  readonly guard: Support;
  /** What the system says of processes: memory, CPU time, start time. */
  readonly accounting: Support;
}

const WORKS: Support = { available: true };
const PRIORITIES: readonly Priority[] = ['idle', 'below-normal', 'normal', 'above-normal', 'high'];
const RAISE =
  'raising a priority takes CAP_SYS_NICE (docker run --cap-add SYS_NICE; systemd: AmbientCapabilities=CAP_SYS_NICE) or a limit of nice (ulimit -e, systemd: LimitNICE=)';

let found: Capabilities | undefined;

/** Tries every control, once per process, and says what works here and what keeps the others from it. */
export function capabilities(): Capabilities {
  found ??= tryAll();
  return found;
}

function tryAll(): Capabilities {
  const groups = findControlGroups();
  const group = (limit: 'memory' | 'cpuRate' | 'maxProcesses'): Support =>
    needsAddon(() => ('reason' in groups ? missing(groups.reason) : groups.support[limit]));
  return {
    priority: Object.fromEntries(PRIORITIES.map((each) => [each, tryPriority(each)])) as Capabilities['priority'],
    cpus: needsAddon(() => guardTrial({ cpus: getAffinity(process.pid) ?? [0] })),
    memory: group('memory'),
    cpuRate: group('cpuRate'),
    maxProcesses: group('maxProcesses'),
    guard: needsAddon(tryGuard),
    accounting: tryAccounting(),
  };
}

function tryPriority(priority: Priority): Support {
  const { nice, policy } = schedulingOf(priority);
  const raises = priority === 'above-normal' || priority === 'high' || priority === 'normal';
  return needsAddon(() =>
    guardTrial({ nice, policy: policy === 'other' ? undefined : policy }, raises ? RAISE : undefined),
  );
}

function guardTrial(limits: GuardLimits, remedy?: string): Support {
  const error = refusedLimit(limits);
  if (error === null) return WORKS;
  return missing(remedy === undefined ? error.message : `${error.message}; ${remedy}`);
}

/** A guarded process starts, and its exit code comes back. */
function tryGuard(): Support {
  const native = load();
  if (native.binding === undefined) return missing(native.reason);
  const { status, error } = spawnSync(native.guardPath, ['--', 'sh', '-c', 'exit 7'], { stdio: 'ignore' });
  if (error !== undefined) return missing(`${native.guardPath} can't be started: ${error.message}`);
  return status === 7 ? WORKS : missing(`${native.guardPath} ended with ${status} where its process ends with 7`);
}

function tryAccounting(): Support {
  try {
    const { memory, startTime } = processInfo(process.pid);
    return memory !== null && startTime > 0 ? WORKS : missing('the system tells nothing of this process');
  } catch (error) {
    if (!(error instanceof OsControlError)) throw error;
    return missing(error.errno === constants.errno.ESRCH ? 'there is no /proc' : error.message);
  }
}

function needsAddon(trial: () => Support): Support {
  const native = load();
  return native.binding === undefined ? missing(`the addon is absent: ${native.reason}`) : trial();
}

function missing(reason: string): Support {
  return { available: false, reason };
}
