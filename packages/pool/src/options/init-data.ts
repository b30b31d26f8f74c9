import { Encoding, encodeValue, JsonValueError } from '@ostler/protocol';
import { InvalidOptionError } from '../errors.js';
import type { Check } from './checks.js';

/** What workers get as JSON; a value that JSON would change is refused, with its path. */
export const initData: Check<Uint8Array> = (value, option) => {
  const { encoding, body } = encode(value, option);
  if (encoding === Encoding.json) return body;
  throw new InvalidOptionError({ option, value, problem: 'holds a Uint8Array, which JSON cannot carry unchanged' });
};

function encode(value: unknown, option: string): ReturnType<typeof encodeValue> {
  try {
    return encodeValue(value);
  } catch (cause) {
    if (!(cause instanceof JsonValueError)) throw cause;
    throw new InvalidOptionError({ option, value, problem: cause.message, cause });
  }
}
