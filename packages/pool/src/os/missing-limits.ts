import { findControlGroups, load, refusedLimit } from '@ostler/native';
import { guardLimitsOf } from './guard-limits-of.js';
import type { LimitName, Limits, MissingLimit } from './limits.js';

/** What the pool does itself about a limit that the system doesn't enforce. */
const WATCHED =
  'the resident memory of each worker is looked at every 100 ms, and one that is above the limit is killed';
const BY_PID = 'os.setPriority is called for each worker once it runs, which may miss threads that it has by then';

const REFUSED = {
  cpus: 'there is no such CPU, or none that this process may use',
  priority:
    process.platform === 'win32'
      ? 'only a process with the privilege to increase scheduling priority may have it'
      : 'only a process with the capability CAP_SYS_NICE, or a limit of RLIMIT_NICE that allows it, may raise a priority',
} as const;

/** The limits that can't be enforced on this machine, each found by a trial. */
export function missingLimits(limits: Limits): Map<LimitName, MissingLimit> {
  const loaded = load();
  const absent = loaded.binding === undefined ? `the addon is absent: ${loaded.reason}` : undefined;
  const missing = new Map<LimitName, MissingLimit>();
  const names = Object.keys(limits) as LimitName[];
  for (const name of names) {
    const why = absent ?? whyMissing(name, limits);
    if (why !== null) missing.set(name, { reason: why, instead: insteadOf(name, absent === undefined) });
  }
  return missing;
}

function whyMissing(name: LimitName, limits: Limits): string | null {
  if (name === 'priority' || name === 'cpus') {
    const error = refusedLimit(guardLimitsOf({ [name]: limits[name] }));
    return error === null ? null : `${REFUSED[name]} (${error.message})`;
  }
  const groups = findControlGroups();
  if ('reason' in groups) return groups.reason;
  const support = groups.support[name];
  return support.available ? null : support.reason;
}

/** Without the addon a refusal would come too late: only what can't be refused is tried. */
function canRenice(): boolean {
  return process.platform === 'win32' || process.getuid?.() === 0;
}

function insteadOf(name: LimitName, hasAddon: boolean): string | null {
  const isWatched = process.platform === 'linux' || (process.platform === 'win32' && hasAddon);
  if (name === 'memory' && isWatched) return WATCHED;
  return name === 'priority' && !hasAddon && canRenice() ? BY_PID : null;
}
