import type { RetryPolicy } from '../core/index.js';
import { InvalidOptionError } from '../errors.js';
import type { Retries } from '../pool-options.js';
import { type Check, integer, listOf, oneOf } from './checks.js';
import { type NamesOf, OptionReader } from './option-reader.js';

const NAMES: NamesOf<Retries> = { attempts: true, backoff: true, on: true };

const ON_CRASH: RetryPolicy['on'] = ['crash'];

const attempts = integer(0);
const causes = listOf(oneOf('crash', 'timeout', 'failure', 'memory'), 'an array of causes');

const delay: Check<number> = (value, option) => {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return value;
  throw new InvalidOptionError({ option, value, expected: 'milliseconds >= 0' });
};

/** Further attempts of a task: none where there is none to be made. */
export const retries: Check<RetryPolicy | undefined> = (value, option) => {
  const given = new OptionReader<Retries>(value, NAMES, option);
  const count = given.get('attempts', attempts, undefined);
  if (count === undefined) {
    const path = given.pathOf('attempts');
    throw new InvalidOptionError({ option: path, value: undefined, expected: 'an integer >= 0' });
  }
  const policy = { attempts: count, backoff: given.get('backoff', delay, 0), on: given.get('on', causes, ON_CRASH) };
  return count === 0 ? undefined : policy;
};
