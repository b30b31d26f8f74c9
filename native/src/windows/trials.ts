import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { getAffinity } from '../affinity.js';
import type { Support } from '../control-groups/control-group.js';
import type { GuardLimits } from '../guard-limits.js';
import { requireWindows } from '../load.js';
import { type Priority, schedulingOf } from '../priority.js';
import { refusedLimit } from '../refused-limit.js';
import { createSharedMemory, openSharedMemory } from '../shared-memory.js';
import type { GuardTrial } from '../trials/guard-trial.js';
import { missing, WORKS } from '../trials/support.js';
import type { Trials } from '../trials/trials.js';
import { windowsProcesses } from './processes.js';

const EXIT_CODE = 7;
const PAGE = 4_096;

/** Starts a process that would stay for a minute, tells its number, and leaves it behind. */
const LEAVE_ORPHAN = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { detached: true, stdio: 'ignore' });
  require('node:fs').writeSync(1, String(child.pid));
  process.exit(${EXIT_CODE});
`;

/** What Windows does for a start that takes no signals, files or orphans: each trial is a process under a guard, which reads back all that it sets. */
export const windowsTrials: Trials = {
  priority: (priority: Priority) => {
    const { nice, policy } = schedulingOf(priority);
    return tryLimits({ nice, policy: policy === 'other' ? undefined : policy });
  },
  cpus: () => tryLimits({ cpus: (getAffinity(process.pid) ?? [0]).slice(0, 1) }),
  guard: tryGuard,
  fastSpawn: () => tryLimits({}),
  mappedFiles: tryMemory,
};

function tryLimits(limits: GuardLimits): Support {
  const refused = refusedLimit(limits);
  return refused === null ? WORKS : missing(refused.message);
}

function tryGuard(): GuardTrial {
  const { guardPath } = requireWindows('capabilities');
  const { status, stdout, error } = spawnSync(guardPath, ['--', process.execPath, '-e', LEAVE_ORPHAN], {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const orphanAdoption = missing('Windows gives orphans to nobody; a job keeps hold of them all the same');
  const failed = (reason: string): GuardTrial => ({ guard: missing(reason), orphanAdoption });
  if (error !== undefined) return failed(`${guardPath} can't be started: ${error.message}`);
  if (status !== EXIT_CODE) return failed(`${guardPath} ended with ${status} where its process ends with ${EXIT_CODE}`);
  const isGone = windowsProcesses.identityOf(Number(stdout)) === undefined;
  return isGone ? { guard: WORKS, orphanAdoption } : failed('what a guarded process left behind was still there');
}

/** Writes to memory by one name and reads it by another view. */
function tryMemory(): Support {
  const name = `Local\\ostler-trial-${randomBytes(8).toString('hex')}`;
  const [first, second] = [createSharedMemory(name, PAGE), openSharedMemory(name, PAGE)];
  new Uint8Array(first)[PAGE - 1] = EXIT_CODE;
  return new Uint8Array(second)[PAGE - 1] === EXIT_CODE ? WORKS : missing('what was written is not in the other view');
}
