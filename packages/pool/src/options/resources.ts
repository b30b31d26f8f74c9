import { InvalidOptionError } from '../errors.js';
import type { Limits } from '../os/limits.js';
import type { Resources } from '../pool-options.js';
import { parseSize } from '../size.js';
import { type Check, integer, listOf, oneOf } from './checks.js';
import { type NamesOf, OptionReader } from './option-reader.js';

const RESOURCES: NamesOf<Resources> = { priority: true, cpus: true, memory: true, cpuRate: true, maxProcesses: true };

const priority = oneOf('idle', 'below-normal', 'normal', 'above-normal', 'high');
const cpuNumbers = listOf(integer(0), 'an array of CPU numbers');

const cpus: Check<number[]> = (value, option) => {
  const numbers = cpuNumbers(value, option);
  if (numbers.length > 0) return [...new Set(numbers)].sort((a, b) => a - b);
  throw new InvalidOptionError({ option, value, expected: 'at least one CPU number' });
};

/** The kernel's least quota is 1 ms in 1 s. */
const LEAST_CPU_RATE = 0.001;

const cpuRate: Check<number> = (value, option) => {
  if (typeof value === 'number' && value >= LEAST_CPU_RATE && value < Infinity) return value;
  throw new InvalidOptionError({ option, value, expected: `a number of CPUs >= ${LEAST_CPU_RATE}, such as 0.5` });
};

/** The limits of a worker; what is not limited is absent. */
export const resources: Check<Limits> = (value, option) => {
  const given = new OptionReader<Resources>(value, RESOURCES, option);
  const all = {
    priority: given.get('priority', priority, undefined),
    cpus: given.get('cpus', cpus, undefined),
    memory: given.get('memory', parseSize, undefined),
    cpuRate: given.get('cpuRate', cpuRate, undefined),
    maxProcesses: given.get('maxProcesses', integer(1), undefined),
  };
  return Object.fromEntries(Object.entries(all).filter(([, limit]) => limit !== undefined && limit !== Infinity));
};

const failOrWarn = oneOf('fail', 'warn');

/** What to do about each limit that cannot be enforced. */
export const onLimitUnavailable: Check<(limit: keyof Resources) => 'fail' | 'warn'> = (value, option) => {
  if (typeof value === 'string') {
    const same = failOrWarn(value, option);
    return () => same;
  }
  if (typeof value !== 'object' || value === null) {
    throw new InvalidOptionError({ option, value, expected: "'fail', 'warn' or an object of these by limit" });
  }
  const given = new OptionReader<Resources>(value, RESOURCES, option);
  const each = new Map<string, 'fail' | 'warn'>();
  for (const name of Object.keys(RESOURCES) as (keyof Resources)[]) each.set(name, given.get(name, failOrWarn, 'fail'));
  return (limit) => each.get(limit) ?? 'fail';
};
