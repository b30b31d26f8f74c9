import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

async function output(file: string): Promise<string> {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path]);
  return stdout;
}

test('leaving the loop over an endless stream ends its task', async () => {
  expect(await output('stream.js')).toBe('1\n2\n3\n');
});

test('a task with retries survives one crash, and is convicted by the second', async () => {
  expect(await output('retries.js')).toBe('done by attempt 2\nERR_POISON_TASK after 2 attempts\n');
});

test('tasks of one key run in the order of their submission', async () => {
  expect(await output('keys.js')).toBe('first, then second\n');
});

test('a worker that is kept for one tenant shows its state to no other', async () => {
  expect(await output('tenants.js')).toBe('Ada\nBob\nAda, Ann\n');
});

test.skipIf(process.platform === 'win32')(
  'programs that are no workers answer a line with a line, or are run once for each task (needs POSIX)',
  async () => {
    expect(await output('programs.js')).toBe('a OSTLER\nof warm\nprocesses\n1 2 3\n');
  },
);

test('the tests of code that uses a pool need no processes', async () => {
  expect(await output('in-process.js')).toBe('tested\n');
});
