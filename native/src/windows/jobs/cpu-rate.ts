/** Windows tells rates in hundredths of a percent of all CPUs together. */
const ALL = 10_000;

/** A rate in CPUs as Windows has it; the least that it can hold for one that is smaller. */
export function jobRateOf(cpus: number, online: number): number {
  return Math.min(ALL, Math.max(1, Math.round((cpus / online) * ALL)));
}

export function cpusOfJobRate(rate: number, online: number): number {
  return (rate / ALL) * online;
}
