import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlGroup, type ControlGroupDriver, findControlGroups, load } from '@ostler/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { marked, startedPid, useGuards } from './guarded.js';

const found = findControlGroups();
const driver = found as ControlGroupDriver;
const missing = 'reason' in found ? found.reason : load().binding === undefined ? 'the guard' : '';
const limitsProcesses = missing === '' && driver.support.maxProcesses.available;

const BOMB = '$| = 1; while (1) { my $pid = fork; if (!defined $pid && !$said++) { print "full\\n" } }';

describe.skipIf(missing !== '')(
  `a guard with control groups, which need: ${missing || 'nothing that is missing here'}`,
  () => {
    let pool: ControlGroup;
    let group: ControlGroup;
    beforeEach(() => {
      pool = driver.createPoolGroup('guard-test');
      group = pool.createChild('worker');
    });
    afterEach(() => {
      for (const folder of [...group.folders, ...pool.folders]) if (existsSync(folder)) rmdirSync(folder);
    });

    // After its hook, and so cleaned up before: a folder goes when its processes have.
    const start = useGuards();
    const options = () => group.folders.map((folder) => `--cgroup=${folder}`);
    const left = () => [...group.folders, ...pool.folders].filter((folder) => existsSync(folder));

    it('puts the worker into all of them, and stays outside', async () => {
      const guard = start({ guard: options(), command: ['cat'] });
      const pid = await startedPid(guard);
      for (const folder of group.folders) expect(members(folder)).toEqual([pid]);
    });

    it('leaves the folders to the pool when the worker ends', async () => {
      const guard = start({ guard: options(), command: ['true'] });
      expect(await guard.ending).toBe(0);
      expect(left()).toEqual([...group.folders, ...pool.folders]);
    });

    it('removes the folders, and those above them, when the pool is lost', async () => {
      const guard = start({ guard: options(), command: ['sh', '-c', 'setsid sleep 1000 & while :; do :; done'] });
      await startedPid(guard);
      guard.control.end();
      expect(await guard.ending).toBe('SIGKILL');
      expect(left()).toEqual([]);
    });

    it('keeps the folders above that another worker needs', async () => {
      const other = pool.createChild('other');
      const guard = start({ guard: options(), command: ['cat'] });
      await startedPid(guard);
      guard.control.end();
      await guard.ending;
      expect(left()).toEqual([...pool.folders]);
      for (const folder of other.folders) rmdirSync(folder);
    });

    it('kills members that are no descendants of the worker’s', async () => {
      const guard = start({ guard: options(), command: ['cat'] });
      await startedPid(guard);
      const enter = `for f in "$@"; do echo 0 > "$f/cgroup.procs"; done; echo in; exec sleep 1000`;
      const stranger = spawn('sh', ['-c', enter, 'sh', ...group.folders], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(stranger.stdout, 'data');
      guard.child.stdin?.end();
      expect((await once(stranger, 'exit'))[1]).toBe('SIGKILL');
      expect(await guard.ending).toBe(0);
    });

    it('spares a group that it is in itself', async () => {
      const guard = start({ guard: options(), command: ['cat'] });
      await startedPid(guard);
      const bystander = start({ command: ['cat'] });
      const pid = await startedPid(bystander);
      for (const folder of group.folders) {
        for (const member of [guard.child.pid, pid]) writeFileSync(join(folder, 'cgroup.procs'), String(member));
      }
      guard.child.stdin?.end();
      expect(await guard.ending).toBe(0);
      expect(marked(bystander.mark)).toContain(pid);
      bystander.order('kill');
      await bystander.ending;
    });

    it.skipIf(!limitsProcesses)('ends a fork bomb of root’s that fills its group', async () => {
      group.setLimits({ maxProcesses: 100 });
      const guard = start({ guard: [...options(), '--rlimit=cpu=20'], command: ['perl', '-e', BOMB] });
      await startedPid(guard);
      expect(await guard.output()).toBe('full');
      guard.control.end();
      await guard.ending;
      expect(marked(guard.mark)).toEqual([]);
      expect(left()).toEqual([]);
    });
  },
);

const unified = unifiedFolder();

describe.skipIf(unified === undefined)('a guard with a control group of version 2 that root may make', () => {
  const pool = join(unified ?? '', `ostler-guard-test-${process.pid}`);
  const folder = join(pool, 'worker');
  beforeEach(() => mkdirSync(folder, { recursive: true }));
  afterEach(() => {
    for (const left of [folder, pool]) if (existsSync(left)) rmdirSync(left);
  });

  const start = useGuards();

  it('kills the group as a whole, with groups below it that the worker made', async () => {
    const nest = `mkdir ${folder}/own && echo $$ > ${folder}/own/cgroup.procs && echo in; exec sleep 1000`;
    const guard = start({ guard: [`--cgroup=${folder}`], command: ['sh', '-c', nest] });
    const pid = await startedPid(guard);
    expect(await guard.output()).toBe('in');
    const stranger = start({ guard: [`--cgroup=${folder}/own`], command: ['cat'] });
    const strange = await startedPid(stranger);
    expect(members(`${folder}/own`)).toEqual([pid, strange]);
    guard.order('kill');
    expect(await Promise.all([guard.ending, stranger.ending])).toEqual(['SIGKILL', 'SIGKILL']);
    rmdirSync(`${folder}/own`);
  });

  it('removes the folder and the one above when the pool is lost', async () => {
    const guard = start({ guard: [`--cgroup=${folder}`], command: ['sh', '-c', 'setsid sleep 1000 & read line'] });
    await startedPid(guard);
    guard.control.end();
    await guard.ending;
    expect(existsSync(pool)).toBe(false);
  });
});

function members(folder: string): number[] {
  return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
}

/** Where version 2 is mounted, if groups can be made and killed there. */
function unifiedFolder(): string | undefined {
  const mount = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1];
  if (mount === undefined || process.getuid?.() !== 0) return undefined;
  const trial = join(mount, `ostler-guard-trial-${process.pid}`);
  try {
    mkdirSync(trial);
  } catch {
    return undefined; // read-only, as in a container without delegation
  }
  const canKill = existsSync(join(trial, 'cgroup.kill'));
  rmdirSync(trial);
  return canKill ? mount : undefined;
}
