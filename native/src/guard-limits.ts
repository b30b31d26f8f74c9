/** What a guard sets for its process before the first instruction of that runs. */
export interface GuardLimits {
  /** Global numbers of the CPUs that it may use. */
  readonly cpus?: readonly number[] | undefined;
  /** From -20 (most) to 19 (least); see nice(2). */
  readonly nice?: number | undefined;
  /** A scheduling policy other than the usual one; see sched(7). */
  readonly policy?: 'batch' | 'idle' | undefined;
  /** Soft and hard limits by name, as `{ nproc: 20 }`; see setrlimit(2). */
  readonly rlimits?: Readonly<Record<string, number>> | undefined;
  /** Folders of the control groups that it joins. */
  readonly groups?: readonly string[] | undefined;
}

/** The guard's command line for a folder and limits. */
export function guardOptions({
  cwd,
  limits,
}: {
  cwd?: string | undefined;
  limits?: GuardLimits | undefined;
}): string[] {
  const { cpus, nice, policy, rlimits = {}, groups = [] } = limits ?? {};
  return [
    ...groups.map((folder) => `--cgroup=${folder}`),
    ...(cpus === undefined ? [] : [`--cpus=${cpus.join(',')}`]),
    ...(nice === undefined ? [] : [`--nice=${nice}`]),
    ...(policy === undefined ? [] : [`--policy=${policy}`]),
    ...Object.entries(rlimits).map(([name, value]) => `--rlimit=${name}=${value}`),
    ...(cwd === undefined ? [] : [`--cwd=${cwd}`]),
  ];
}
