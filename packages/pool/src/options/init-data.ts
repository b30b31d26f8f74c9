import { Encoding, encodeValue, JsonValueError } from '@ostler/protocol';
import { InvalidOptionError } from '../errors.js';
import type { Check } from './checks.js';

/** What workers get as JSON, no more than `maxBodySize` bytes; a value that JSON would change is refused, with its path. */
export function initData(maxBodySize: number): Check<Uint8Array> {
  return (value, option) => {
    const { encoding, body } = encode(value, option);
    if (encoding !== Encoding.json) {
      throw new InvalidOptionError({ option, value, problem: 'holds a Uint8Array, which JSON cannot carry unchanged' });
    }
    if (body.byteLength <= maxBodySize) return body;
    const problem = `has ${body.byteLength} bytes as JSON, maxBodySize is ${maxBodySize}`;
    throw new InvalidOptionError({ option, value, problem });
  };
}

function encode(value: unknown, option: string): ReturnType<typeof encodeValue> {
  try {
    return encodeValue(value);
  } catch (cause) {
    if (!(cause instanceof JsonValueError)) throw cause;
    throw new InvalidOptionError({ option, value, problem: cause.message, cause });
  }
}
