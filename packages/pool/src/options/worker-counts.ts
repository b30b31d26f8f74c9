import { InvalidOptionError } from '../errors.js';

/** How many workers a pool has. */
export interface WorkerCounts {
  minWorkers: number;
  maxWorkers: number;
}

/** InvalidOptionError that names both where the minimum is above the maximum. */
export function refuseMinAboveMax({ minWorkers, maxWorkers }: WorkerCounts, option = 'maxWorkers'): void {
  if (minWorkers <= maxWorkers) return;
  const expected = `an integer >= minWorkers, which is ${minWorkers}`;
  throw new InvalidOptionError({ option, value: maxWorkers, expected });
}
