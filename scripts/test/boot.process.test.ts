import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const boot = fileURLToPath(new URL('../boot.mjs', import.meta.url));

test('an unknown job is a usage error that names the jobs', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [boot, 'tset'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^usage: npm run test\|conformance\|demo\|bench\|faults\|explore\|sim\|mutants\|test:cgroup2\|test:nodes\|test:windows /,
  );
});

test('a machine on which neither pnpm nor npx can be run is told so in one line', () => {
  const env = { PATH: '/nonexistent', SystemRoot: process.env.SystemRoot };
  const { status, stderr } = spawnSync(process.execPath, [boot, 'demo'], { encoding: 'utf8', env });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^ostler: preparing demo…\nostler: npx cannot be run.*\n$/);
});
