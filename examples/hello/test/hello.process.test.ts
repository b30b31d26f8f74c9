import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
const PYTHON = fileURLToPath(new URL('../python.js', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

test('the hello example prints the digest that its worker made', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN]);
  expect(stdout).toBe(`${createHash('sha512').update('hello').digest('hex')}\n`);
  expect(stderr).toBe('');
});

test.skipIf(!hasPython)('its worker may as well be written in Python (needs python3)', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [PYTHON]);
  expect(stdout).toBe(`${createHash('sha512').update('hello').digest('hex')}\n`);
  expect(stderr).toBe('');
});
