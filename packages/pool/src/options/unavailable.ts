import { valueInWords } from '../errors/value-in-words.js';
import { InvalidOptionError } from '../errors.js';
import type { PoolOptions } from '../pool-options.js';
import { oneOf } from './checks.js';
import type { OptionReader } from './option-reader.js';

/** Refuses what the contract has and this version has not: what is accepted and does nothing is worse than nothing. */
export function refuseUnavailable(options: OptionReader<PoolOptions>): void {
  const isolation = options.get('isolation', oneOf('pool', 'tenant', 'task'), 'pool');
  if (isolation !== 'tenant') return;
  const problem = `${valueInWords(isolation)} is not available yet`;
  throw new InvalidOptionError({ option: 'isolation', value: isolation, problem });
}
