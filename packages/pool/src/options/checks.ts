import { InvalidOptionError } from '../errors.js';

/** Gives the value as the type that was checked for; InvalidOptionError, with the option's path, for any other one. */
export type Check<T> = (value: unknown, option: string) => T;

/** Milliseconds. */
export const time: Check<number> = (value, option) => {
  if (typeof value === 'number' && value > 0) return value;
  throw new InvalidOptionError({ option, value, expected: 'milliseconds > 0 or Infinity' });
};

export const flag: Check<boolean> = (value, option) => {
  if (typeof value === 'boolean') return value;
  throw new InvalidOptionError({ option, value, expected: 'true or false' });
};

export const text: Check<string> = (value, option) => {
  if (typeof value === 'string') return value;
  throw new InvalidOptionError({ option, value, expected: 'a string' });
};

/** Text that a process can be given. */
export const systemText: Check<string> = (value, option) => {
  if (typeof value === 'string' && !value.includes('\0')) return value;
  throw new InvalidOptionError({ option, value, expected: 'a string without NUL characters' });
};

export const callback: Check<(...args: never[]) => unknown> = (value, option) => {
  if (typeof value === 'function') return value as (...args: never[]) => unknown;
  throw new InvalidOptionError({ option, value, expected: 'a function' });
};

/** A whole number from `least` to `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Check<number> {
  const expected = most === Number.MAX_SAFE_INTEGER ? `an integer >= ${least}` : `an integer from ${least} to ${most}`;
  return (value, option) => {
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    throw new InvalidOptionError({ option, value, expected });
  };
}

/** A whole number >= 1, or `Infinity` for no limit. */
export const limit: Check<number> = (value, option) => {
  if (value === Infinity || (Number.isSafeInteger(value) && (value as number) >= 1)) return value as number;
  throw new InvalidOptionError({ option, value, expected: 'an integer >= 1 or Infinity' });
};

export function oneOf<const T extends string>(...choices: readonly T[]): Check<T> {
  const expected = choices.map((choice) => `'${choice}'`).join(' or ');
  return (value, option) => {
    if ((choices as readonly unknown[]).includes(value)) return value as T;
    throw new InvalidOptionError({ option, value, expected });
  };
}

/** An array whose items pass; they are copied. */
export function listOf<T>(item: Check<T>, expected: string): Check<T[]> {
  return (value, option) => {
    if (!Array.isArray(value)) throw new InvalidOptionError({ option, value, expected });
    return Array.from(value, (each: unknown, index) => item(each, `${option}[${index}]`));
  };
}

/** Strings by name, `undefined` for what is not there; they are copied. */
export const textRecord: Check<Record<string, string>> = (value, option) => {
  const copy: Record<string, string> = Object.create(null);
  for (const [name, each] of Object.entries(record(value, option))) {
    if (each !== undefined) copy[name] = text(each, `${option}.${name}`);
  }
  return copy;
};

/** An object with named members, as opposed to an array or anything that only happens to be an object. */
export const record: Check<Record<string, unknown>> = (value, option) => {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
  if (isRecord && !(value instanceof Map) && !(value instanceof URL)) return value as Record<string, unknown>;
  throw new InvalidOptionError({ option, value, expected: 'an object' });
};
