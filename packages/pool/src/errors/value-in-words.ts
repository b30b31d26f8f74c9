import { inspect } from 'node:util';
import { oneLine } from './one-line.js';

/** Longest value in a message, in characters. */
const MAX_VALUE = 100;
const MAX_STRING = 60;
const MAX_ITEMS = 6;

/** Any value as one short line. Runs nothing of the value's own: no getters, no toString, no traps of a proxy. */
export function valueInWords(value: unknown): string {
  if (typeof value === 'function')
    return value.name === '' ? 'a function' : `function ${oneLine(value.name, MAX_STRING)}`;
  const shown = inspect(value, {
    depth: 1,
    breakLength: Infinity,
    compact: true,
    customInspect: false,
    getters: false,
    maxArrayLength: MAX_ITEMS,
    maxStringLength: MAX_STRING,
  });
  return oneLine(shown, MAX_VALUE);
}
