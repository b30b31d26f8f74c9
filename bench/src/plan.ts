import type { Python } from './python.js';

/** How thorough a run is. Times in milliseconds. */
export interface Plan {
  readonly quick: boolean;
  /** Interleaved rounds, of which the median counts. */
  readonly rounds: number;
  /** How long one contender is measured in one round, and driven before the first. */
  readonly window: number;
  /** Starts of processes, and other things that are counted rather than timed. */
  readonly repeats: number;
  readonly python: Python;
}

export function planOf(quick: boolean, python: Python): Plan {
  const effort = quick ? { rounds: 3, window: 150, repeats: 3 } : { rounds: 5, window: 800, repeats: 9 };
  return { quick, ...effort, python };
}

/** In words, for the head of a suite. */
export function effortOf({ rounds, window }: Plan, warmUps = 1): string {
  return `${rounds} interleaved rounds of ${window} ms each after ${warmUps} to warm up, medians`;
}
