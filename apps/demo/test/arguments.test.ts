import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readArguments, UsageError } from '../src/arguments.js';

const at = { cwd: resolve('/somewhere'), home: resolve('/project') };

test('without arguments it is the project, with all CPUs, for half a minute', () => {
  expect(readArguments([], at)).toEqual({ folder: at.home, workers: undefined, all: false, help: false });
});

test('a relative folder is one from where the user is', () => {
  const asked = readArguments(['photos', '--workers', '3', '--all'], at);
  expect(asked).toEqual({ folder: resolve('/somewhere/photos'), workers: 3, all: true, help: false });
});

test.for([[['--workers', '0']], [['--workers', 'two']], [['--wrokers', '2']], [['a', 'b']], [['--workers']]] as const)(
  '%j is a usage error',
  ([argv]) => {
    expect(() => readArguments(argv, at)).toThrow(UsageError);
  },
);
