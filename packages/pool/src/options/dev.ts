import { InvalidOptionError } from '../errors.js';
import type { PoolOptions } from '../pool-options.js';
import { type Check, flag, listOf, systemText } from './checks.js';
import { type NamesOf, OptionReader } from './option-reader.js';

type Dev = NonNullable<PoolOptions['dev']>;

const DEV: NamesOf<Dev> = { inspect: true, watch: true };

/** What each word of OSTLER_DEV stands for. */
const WORDS: Readonly<Record<string, Dev>> = {
  inspect: { inspect: true },
  'inspect=brk': { inspect: 'brk' },
  brk: { inspect: 'brk' },
  watch: { watch: true },
};

const inspectMode: Check<boolean | 'brk'> = (value, option) => {
  if (typeof value === 'boolean' || value === 'brk') return value;
  throw new InvalidOptionError({ option, value, expected: "true, false or 'brk'" });
};

const watchMode: Check<boolean | string[]> = (value, option) =>
  typeof value === 'boolean'
    ? flag(value, option)
    : listOf(systemText, 'true, false or an array of paths')(value, option);

/** The option `dev`; what it does not say, OSTLER_DEV may. */
export function devOf(
  options: OptionReader<PoolOptions>,
  env: Readonly<Record<string, string | undefined>>,
): Required<Dev> {
  const asked = wordsOf(env.OSTLER_DEV ?? '');
  const given = options.has('dev') ? options.raw('dev') : {};
  const dev = new OptionReader<Dev>(given, DEV, 'dev');
  return {
    inspect: dev.get('inspect', inspectMode, asked.inspect ?? false),
    watch: dev.get('watch', watchMode, asked.watch ?? false),
  };
}

function wordsOf(variable: string): Dev {
  const asked: Dev = {};
  for (const word of variable.split(',').map((each) => each.trim())) {
    if (word === '') continue;
    if (!Object.hasOwn(WORDS, word)) {
      const expected = `words out of ${Object.keys(WORDS).join(', ')}, with commas between them`;
      throw new InvalidOptionError({ option: 'OSTLER_DEV', value: word, expected });
    }
    Object.assign(asked, WORDS[word]);
  }
  return asked;
}
