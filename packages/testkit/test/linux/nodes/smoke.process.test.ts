import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { load } from '@ostler/native';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const SMOKE = fileURLToPath(new URL('../../../dist/bin/node-smoke.js', import.meta.url));

function smoke(env: Record<string, string> = {}) {
  return run(process.execPath, [SMOKE], { env: { ...process.env, ...env } });
}

describe('the smoke of a Node version', () => {
  it.skipIf(load().binding === undefined)('says of every part what it found', async () => {
    const { stdout } = await smoke();
    expect(stdout).toMatch(
      /^addon loaded, mapped file shared, guard .+, control groups .+, pool 100 tasks, TypeScript .+\n$/,
    );
  });

  it('fails and names the part that does not work', async () => {
    await expect(smoke({ OSTLER_NATIVE: 'off' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Error: addon: OSTLER_NATIVE=off is set'),
    });
  });
});
