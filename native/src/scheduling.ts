/** What a priority is to Linux: a nice value from -20 (most) to 19 (least), and a policy; see sched(7). Windows has a class for each range of these. */
export interface Scheduling {
  readonly nice: number;
  readonly policy: 'other' | 'batch' | 'idle';
}
