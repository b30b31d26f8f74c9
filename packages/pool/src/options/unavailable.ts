import { valueInWords } from '../errors/value-in-words.js';
import { InvalidOptionError, type OstlerError } from '../errors.js';
import type { PoolOptions } from '../pool-options.js';
import { type Check, flag, listOf, oneOf, text } from './checks.js';
import { type NamesOf, OptionReader } from './option-reader.js';

type Dev = NonNullable<PoolOptions['dev']>;

const DEV: NamesOf<Dev> = { inspect: true, watch: true };

const inspectMode: Check<boolean | 'brk'> = (value, option) => {
  if (typeof value === 'boolean' || value === 'brk') return value;
  throw new InvalidOptionError({ option, value, expected: "true, false or 'brk'" });
};

const watchMode: Check<boolean | string[]> = (value, option) =>
  typeof value === 'boolean' ? flag(value, option) : listOf(text, 'true, false or an array of paths')(value, option);

/**
 * Refuses what the contract has and this version has not: what is accepted and does nothing is worse than nothing.
 * Returns what is to be warned of instead, where that was asked for.
 */
export function refuseUnavailable(
  options: OptionReader<PoolOptions>,
  env: Readonly<Record<string, string | undefined>>,
): OstlerError[] {
  const isolation = options.get('isolation', oneOf('pool', 'tenant', 'task'), 'pool');
  if (isolation === 'tenant') throw unavailable('isolation', isolation);
  refuseDev(options);
  return env.OSTLER_DEV ? [unavailable('dev', env.OSTLER_DEV, '; OSTLER_DEV is ignored')] : [];
}

function refuseDev(options: OptionReader<PoolOptions>): void {
  if (!options.has('dev')) return;
  const dev = new OptionReader<Dev>(options.raw('dev'), DEV, 'dev');
  const inspect = dev.get('inspect', inspectMode, false);
  const watch = dev.get('watch', watchMode, false);
  if (inspect !== false) throw unavailable('dev.inspect', inspect);
  if (watch !== false) throw unavailable('dev.watch', watch);
}

function unavailable(option: string, value: unknown, rest = ''): InvalidOptionError {
  return new InvalidOptionError({ option, value, problem: `${valueInWords(value)} is not available yet${rest}` });
}
