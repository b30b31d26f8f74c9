import { constants } from 'node:os';
import { OsControlError } from './os-control-error.js';
import { classNameOf } from './windows/priority-class.js';

/** What a guard sets for its process before the first instruction of that runs. */
export interface GuardLimits {
  /** Global numbers of the CPUs that it may use. */
  readonly cpus?: readonly number[] | undefined;
  /** From -20 (most) to 19 (least); see nice(2). On Windows it stands for a priority class. */
  readonly nice?: number | undefined;
  /** A scheduling policy other than the usual one; see sched(7). */
  readonly policy?: 'batch' | 'idle' | undefined;
  /** Soft and hard limits by name, as `{ nproc: 20 }`; see setrlimit(2). Not on Windows. */
  readonly rlimits?: Readonly<Record<string, number>> | undefined;
  /** Folders of the control groups that it joins; on Windows, names of job objects, the outermost first. */
  readonly groups?: readonly string[] | undefined;
}

interface Asked {
  readonly cwd?: string | undefined;
  readonly limits?: GuardLimits | undefined;
}

/** The guard's command line for a folder and limits. Throws an OsControlError (ENOSYS) for one that Windows has not. */
export function guardOptions(asked: Asked): string[] {
  const { cpus } = asked.limits ?? {};
  return [
    ...(process.platform === 'win32' ? windowsOptions(asked.limits ?? {}) : linuxOptions(asked.limits ?? {})),
    ...(cpus === undefined ? [] : [`--cpus=${cpus.join(',')}`]),
    ...(asked.cwd === undefined ? [] : [`--cwd=${asked.cwd}`]),
  ];
}

function linuxOptions({ nice, policy, rlimits = {}, groups = [] }: GuardLimits): string[] {
  return [
    ...groups.map((folder) => `--cgroup=${folder}`),
    ...(nice === undefined ? [] : [`--nice=${nice}`]),
    ...(policy === undefined ? [] : [`--policy=${policy}`]),
    ...Object.entries(rlimits).map(([name, value]) => `--rlimit=${name}=${value}`),
  ];
}

function windowsOptions({ nice, policy, rlimits = {}, groups = [] }: GuardLimits): string[] {
  const [limit] = Object.keys(rlimits);
  if (limit !== undefined) {
    const about = `${limit}: Windows has no such limits`;
    throw new OsControlError({ syscall: 'setrlimit', errno: constants.errno.ENOSYS, about });
  }
  const isAsked = nice !== undefined || policy !== undefined;
  const scheduling = { nice: nice ?? 0, policy: policy ?? 'other' } as const;
  return [...groups.map((name) => `--job=${name}`), ...(isAsked ? [`--priority=${classNameOf(scheduling)}`] : [])];
}
