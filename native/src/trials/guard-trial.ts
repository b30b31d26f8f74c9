import { spawnSync } from 'node:child_process';
import type { Support } from '../control-groups/control-group.js';
import { requireAddon } from '../load.js';
import { processes } from '../processes.js';
import { attempt, missing, WORKS } from './support.js';

const EXIT_CODE = 7;
/** Starts a process whose own parent ends at once, shows its parent, and leaves it behind. */
const LEAVE_ORPHAN = `pid=$(sleep 60 >/dev/null & echo $!); echo "$pid"; cat "/proc/$pid/stat"; exit ${EXIT_CODE}`;

const CAN_RUN = 'make it executable, on a file system that is not mounted with noexec';

/** What one guarded process has shown. */
export interface GuardTrial {
  readonly guard: Support;
  readonly orphanAdoption: Support;
}

/** Runs a program that leaves a process behind under a guard: who adopts it, and is it gone with the guard? */
export function tryGuard(): GuardTrial {
  const { guardPath } = requireAddon('capabilities');
  const { pid, status, stdout, error } = spawnSync(guardPath, ['--', 'sh', '-c', LEAVE_ORPHAN], {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (error !== undefined) return neither(`${guardPath} can't be started: ${error.message}`, CAN_RUN);
  if (status !== EXIT_CODE)
    return neither(`${guardPath} ended with ${status} where its process ends with ${EXIT_CODE}`);
  const [, orphan, parent] = /^(\d+)\n.*\) \S (\d+) /.exec(stdout) ?? [];
  if (orphan === undefined) return neither('the system tells nothing of a process that a guarded one left behind');
  return {
    guard: attempt(() =>
      hasEnded(Number(orphan)) ? WORKS : missing('what a guarded process left behind was still there'),
    ),
    orphanAdoption: Number(parent) === pid ? WORKS : missing(`an orphan went to process ${parent}, not to the guard`),
  };
}

function neither(reason: string, remedy?: string): GuardTrial {
  return { guard: missing(reason, remedy), orphanAdoption: missing(reason, remedy) };
}

function hasEnded(pid: number): boolean {
  const stat = processes.statOf(pid);
  return stat === undefined || stat.state === 'Z';
}
