import { describe, expect, test } from 'vitest';
import { parseSize } from '../src/size.js';

describe('parseSize', () => {
  test.each([
    [1, 1],
    [65_536, 65_536],
    [Infinity, Infinity],
    ['1B', 1],
    ['64KiB', 65_536],
    ['1.5MiB', 1_572_864],
    ['2GiB', 2_147_483_648],
    ['0.3KiB', 307],
  ])('%o is %d bytes', (size, bytes) => {
    expect(parseSize(size, 'maxBodySize')).toBe(bytes);
  });

  const form = "bytes, an integer > 0, or a string with the unit B, KiB, MiB or GiB, such as '64MiB'";
  test.each([
    [0, '0'],
    [-1, '-1'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [10n, '10n'],
    [null, 'null'],
    [{}, '{}'],
    ['', "''"],
    ['MiB', "'MiB'"],
    ['-1MiB', "'-1MiB'"],
    ['0MiB', "'0MiB'"],
    ['0.1B', "'0.1B'"],
    ['1e3MiB', "'1e3MiB'"],
    ['9999999999GiB', "'9999999999GiB'"],
    ['64MB', "'64MB'; did you mean '64MiB'?"],
    ['64mib', "'64mib'; did you mean '64MiB'?"],
    ['64 MiB', "'64 MiB'; did you mean '64MiB'?"],
    ['2g', "'2g'; did you mean '2GiB'?"],
    ['1024', "'1024'; did you mean '1024B'?"],
  ])('refuses %o with the units that there are', (size, shown) => {
    expect(() => parseSize(size, 'maxBodySize')).toThrow(
      expect.objectContaining({
        name: 'InvalidOptionError',
        code: 'ERR_INVALID_OPTION',
        option: 'maxBodySize',
        value: size,
        message: `maxBodySize: expected ${form}, got ${shown}`,
      }),
    );
  });
});
