import { InvalidOptionError } from '../errors.js';

/** How many workers a pool has. */
export interface WorkerCounts {
  minWorkers: number;
  maxWorkers: number;
}

/** InvalidOptionError that names both where the minimum is above the maximum. */
export function refuseMinAboveMax({ minWorkers, maxWorkers }: WorkerCounts): void {
  if (minWorkers <= maxWorkers) return;
  const expected = `an integer >= minWorkers, which is ${minWorkers}`;
  throw new InvalidOptionError({ option: 'maxWorkers', value: maxWorkers, expected });
}
