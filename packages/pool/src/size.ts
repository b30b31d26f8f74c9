import { InvalidOptionError } from './errors.js';

/** Bytes, as a number or with a unit: `65_536`, `'64KiB'`. */
export type Size = number | `${number}${'B' | 'KiB' | 'MiB' | 'GiB'}`;

const BYTES_PER_UNIT: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** Whole bytes, at least 1; a number may be `Infinity`. InvalidOptionError, with the option's name, for what is no size. */
export function parseSize(value: unknown, option: string): number {
  const bytes = typeof value === 'string' ? parseText(value) : value;
  if (bytes === Infinity || (Number.isSafeInteger(bytes) && (bytes as number) > 0)) return bytes as number;
  const similar = similarSize(value);
  const hint = similar === undefined ? undefined : `did you mean '${similar}'?`;
  const expected = "bytes, an integer > 0, or a string with the unit B, KiB, MiB or GiB, such as '64MiB'";
  throw new InvalidOptionError({ option, value, expected, hint });
}

function parseText(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)$/.exec(text);
  if (match === null) return undefined;
  const [, amount, unit] = match as unknown as [string, string, string];
  return Math.floor(Number(amount) * (BYTES_PER_UNIT[unit] as number));
}

/** What was probably meant by a size in other words: `'64MB'`, `'64 mib'`, `'64'`. */
function similarSize(value: unknown): string | undefined {
  const match = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*([KMG])?i?B?\s*$/i.exec(value) : null;
  if (match === null) return undefined;
  const [, amount, prefix] = match;
  const similar = `${amount}${prefix === undefined ? 'B' : `${prefix.toUpperCase()}iB`}`;
  return similar !== value && (parseText(similar) ?? 0) > 0 ? similar : undefined;
}
