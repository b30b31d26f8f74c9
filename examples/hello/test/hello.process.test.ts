import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

test('the hello example prints the digest that its worker made', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN]);
  expect(stdout).toBe(`${createHash('sha512').update('hello').digest('hex')}\n`);
  expect(stderr).toBe('');
});
