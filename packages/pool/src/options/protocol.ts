import { valueInWords } from '../errors/value-in-words.js';
import { InvalidOptionError } from '../errors.js';
import type { PoolOptions } from '../pool-options.js';
import { oneOf } from './checks.js';
import type { OptionReader } from './option-reader.js';

type Protocol = NonNullable<PoolOptions['protocol']>;

/** What a program that knows nothing of frames can't have, and why. */
const NOT_PLAIN = {
  worker: 'a Node module speaks frames; give the program as command',
  initData: 'nobody would read it',
} as const;

/** How the workers speak; refuses what does not go with that. */
export function protocolOf(options: OptionReader<PoolOptions>): Protocol {
  const protocol = options.get('protocol', oneOf('frames', 'lines', 'exec'), 'frames');
  if (protocol === 'frames') return protocol;
  for (const [option, why] of Object.entries(NOT_PLAIN)) {
    const value = options.raw(option as keyof typeof NOT_PLAIN);
    if (value !== undefined) throw unfit({ option, value, protocol, why });
  }
  if (options.raw('sendAhead') === true) {
    throw unfit({
      option: 'sendAhead',
      value: true,
      protocol,
      why: 'such a program can not say which task it has begun',
    });
  }
  return protocol;
}

function unfit(facts: { option: string; value: unknown; protocol: Protocol; why: string }): InvalidOptionError {
  const { option, value, protocol, why } = facts;
  const problem = `${valueInWords(value)} does not go with protocol '${protocol}': ${why}`;
  return new InvalidOptionError({ option, value, problem });
}
