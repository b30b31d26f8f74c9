import { spawnSync } from 'node:child_process';
import { capabilities, findControlGroups, load } from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { canBeNobody, NOBODY } from './ordinary-user.js';

/** What takes no right and no control group. */
const WORK_ON_LINUX = [
  'cpus',
  'guard',
  'orphanAdoption',
  'treeKill',
  'suspend',
  'accounting',
  'fastSpawn',
  'mappedFiles',
] as const;

describe.skipIf(load().binding === undefined)('capabilities', () => {
  it('are what a trial has shown', () => {
    const found = capabilities();
    for (const name of WORK_ON_LINUX) expect({ [name]: found[name] }).toEqual({ [name]: { available: true } });
    expect(found.priority.idle).toEqual({ available: true });
    const groups = findControlGroups();
    for (const limit of ['memory', 'cpuRate', 'maxProcesses'] as const) {
      expect(found[limit]).toEqual(
        'reason' in groups ? { available: false, reason: groups.reason } : groups.support[limit],
      );
    }
  });

  it.runIf(canBeNobody)('of an ordinary user lack higher priorities, with what would mend that', () => {
    const found = inProcess({ uid: NOBODY });
    expect(found.priority.idle).toEqual({ available: true });
    expect(found.priority.high.reason).toMatch(/^setpriority: EACCES/);
    expect(found.priority.high.remedy).toContain('CAP_SYS_NICE');
  });

  it('leave no process and no file of memory behind', () => {
    const script = `
      import { readdirSync } from 'node:fs';
      import { capabilities, treeInfo } from '@ostler/native';
      capabilities();
      setImmediate(function look() {
        // What has ended is taken away when the event loop turns.
        const left = treeInfo(process.pid).pids.length - 1;
        if (left > 0) return setImmediate(look);
        const files = readdirSync('/dev/shm').filter((name) => name.startsWith('ostler-trial-' + process.pid));
        process.stdout.write(JSON.stringify({ left, files }));
      });`;
    expect(evaluate(script)).toEqual({ left: 0, files: [] });
  });
});

describe('capabilities without the addon', () => {
  it('are what needs none, and a reason for the rest', () => {
    const found = inProcess({ env: { ...process.env, OSTLER_NATIVE: 'off' } });
    expect(found.cpus).toEqual({ available: false, reason: 'the addon is absent: OSTLER_NATIVE=off is set' });
    expect(found.memory).toMatchObject({ available: false });
    for (const name of ['guard', 'orphanAdoption', 'fastSpawn', 'mappedFiles']) expect(found[name]).toEqual(found.cpus);
    if (process.platform !== 'linux') return;
    for (const name of ['accounting', 'treeKill', 'suspend']) expect(found[name]).toEqual({ available: true });
  });
});

function inProcess(options: { uid?: number; env?: NodeJS.ProcessEnv }) {
  const script = `import { capabilities } from '@ostler/native'; process.stdout.write(JSON.stringify(capabilities()));`;
  return evaluate(script, options);
}

function evaluate(script: string, options: { uid?: number; env?: NodeJS.ProcessEnv } = {}) {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    ...options,
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
