import { type EncodedValue, encodeValue, JsonValueError } from '@ostler/protocol';
import { InvalidOptionError } from '../errors.js';

/** The value of a `call` as it travels, or the error of a caller whose value JSON would change. */
export function encodeCallValue(value: unknown): EncodedValue | InvalidOptionError {
  try {
    return encodeValue(value);
  } catch (error) {
    if (!(error instanceof JsonValueError)) throw error;
    return new InvalidOptionError({ option: `value${error.path}`, value, problem: error.message, cause: error });
  }
}
