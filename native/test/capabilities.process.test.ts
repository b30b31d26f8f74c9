import { spawnSync } from 'node:child_process';
import { capabilities, findControlGroups, load } from '@ostler/native';
import { describe, expect, it } from 'vitest';

describe.skipIf(load().binding === undefined)('capabilities', () => {
  it('are what a trial has shown', () => {
    const found = capabilities();
    expect(found.cpus).toEqual({ available: true });
    expect(found.guard).toEqual({ available: true });
    expect(found.accounting).toEqual({ available: true });
    expect(found.priority.idle).toEqual({ available: true });
    const groups = findControlGroups();
    for (const limit of ['memory', 'cpuRate', 'maxProcesses'] as const) {
      expect(found[limit]).toEqual(
        'reason' in groups ? { available: false, reason: groups.reason } : groups.support[limit],
      );
    }
  });

  it.runIf(process.getuid?.() === 0)('of an ordinary user lack higher priorities, with what would mend that', () => {
    const found = inProcess({ uid: 65_534 });
    expect(found.priority.idle).toEqual({ available: true });
    expect(found.priority.high.reason).toMatch(/^setpriority: EACCES.*CAP_SYS_NICE/);
  });
});

describe('capabilities without the addon', () => {
  it('are what needs none, and a reason for the rest', () => {
    const found = inProcess({ env: { ...process.env, OSTLER_NATIVE: 'off' } });
    expect(found.cpus).toEqual({ available: false, reason: 'the addon is absent: OSTLER_NATIVE=off is set' });
    expect(found.memory).toMatchObject({ available: false });
    if (process.platform === 'linux') expect(found.accounting).toEqual({ available: true });
  });
});

function inProcess(options: { uid?: number; env?: NodeJS.ProcessEnv }) {
  const script = `import { capabilities } from '@ostler/native'; process.stdout.write(JSON.stringify(capabilities()));`;
  const args = ['--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    ...options,
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
