/** How long processes may run in every period, in microseconds; a quota may span several CPUs. */
export interface CpuBandwidth {
  readonly quota: number;
  readonly period: number;
}

/** The kernel's own, and what it takes at least and at most, in microseconds. */
export const USUAL_PERIOD = 100_000;
const LONGEST_PERIOD = 1_000_000;
const SHORTEST_QUOTA = 1_000;

/** The least rate that the kernel can hold, in CPUs. */
export const LEAST_CPU_RATE = SHORTEST_QUOTA / LONGEST_PERIOD;

/** The bandwidth for a rate in CPUs. Tiny rates get a longer period, because a quota has a minimum. */
export function bandwidthOf(cpuRate: number): CpuBandwidth {
  const quota = Math.round(cpuRate * USUAL_PERIOD);
  if (quota >= SHORTEST_QUOTA) return { quota, period: USUAL_PERIOD };
  return { quota: SHORTEST_QUOTA, period: Math.min(LONGEST_PERIOD, Math.round(SHORTEST_QUOTA / cpuRate)) };
}
