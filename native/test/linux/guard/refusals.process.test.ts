import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '@ostler/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canBeNobody, NOBODY } from '../ordinary-user.js';
import { guardPath, useGuards } from './guarded.js';

describe.skipIf(load().binding === undefined)('a guard that can’t do what was asked', () => {
  const start = useGuards();
  let folder: string;
  let trace: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ostler-guard-'));
    trace = join(folder, 'ran');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ['a working folder that is missing', '--cwd=/nowhere', 'failed chdir ENOENT /nowhere'],
    ['a working folder that is a file', '--cwd=/etc/passwd', 'failed chdir ENOTDIR /etc/passwd'],
    ['only CPUs that are missing', '--cpus=1048575', 'failed sched_setaffinity EINVAL 1048575'],
    ['a CPU that is missing beside one that is there', '--cpus=0,9000', 'failed sched_setaffinity EINVAL 0,9000'],
    ['a CPU above any number', '--cpus=99999999999999999999', 'failed sched_setaffinity EINVAL 99999999999999999999'],
    ['a range of CPUs that runs backwards', '--cpus=1-0', 'failed sched_setaffinity EINVAL 1-0'],
    ['no CPU', '--cpus=', 'failed sched_setaffinity EINVAL'],
    ['an unknown limit', '--rlimit=speed=1', 'failed setrlimit EINVAL speed=1'],
    ['a limit without a number', '--rlimit=nproc=', 'failed setrlimit EINVAL nproc='],
    ['an unknown policy', '--policy=fast', 'failed sched_setscheduler EINVAL fast'],
    ['a nice value out of range', '--nice=20', 'failed setpriority EINVAL 20'],
    ['a group that is missing', '--cgroup=/nowhere', 'failed open ENOENT /nowhere'],
    ['an unknown option', '--polite', 'failed options EINVAL --polite'],
  ])('names %s, and starts nothing', async (_, option, report) => {
    const guard = start({ guard: [option], command: ['touch', trace] });
    expect(await guard.report()).toBe(report);
    expect(await guard.ending).toBe(127);
    expect(existsSync(trace)).toBe(false);
  });

  it.each([
    ['is missing', 'ostler-no-such-program', 'failed execve ENOENT ostler-no-such-program'],
    ['may not be executed', '/etc/passwd', 'failed execve EACCES /etc/passwd'],
  ])('names a program that %s', async (_, program, report) => {
    const guard = start({ command: [program] });
    expect(await guard.report()).toBe(report);
    expect(await guard.ending).toBe(127);
  });

  it('keeps a report of a path with a line break in one line', async () => {
    const guard = start({ command: ['/no\nwhere'] });
    expect(await guard.report()).toBe('failed execve ENOENT /no?where');
  });

  it('reports the first of two mistakes', async () => {
    const guard = start({ guard: ['--nice=x', '--policy=y'], command: ['true'] });
    expect(await guard.report()).toBe('failed setpriority EINVAL x');
  });

  it('says that there is no command', async () => {
    expect(await start({ command: [] }).report()).toBe('failed options EINVAL COMMAND is missing');
  });

  it.skipIf(!canBeNobody).each([
    ['a better priority', '--nice=-5', 'failed setpriority EACCES nice'],
    ['a higher hard limit', '--rlimit=nofile=99999999', 'failed setrlimit EPERM nofile'],
    ['a group of root’s', '--cgroup=/sys/fs/cgroup', 'failed open E'],
  ])('names %s, where an ordinary user asks for it', async (_, option, report) => {
    const guard = start({ guard: [option], command: ['true'], uid: NOBODY });
    expect(await guard.report()).toMatch(new RegExp(`^${report}`));
    expect(await guard.ending).toBe(127);
  });

  it('writes to standard error where it has no control socket', () => {
    const { status, stderr } = spawnSync(guardPath(), ['--', 'ostler-no-such-program'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([127, 'ostler-guard: failed execve ENOENT ostler-no-such-program\n']);
  });

  it('says so when the control socket is none', () => {
    const { status, stderr } = spawnSync(guardPath(), ['--control=77', '--', 'true'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([127, 'ostler-guard: failed fcntl EBADF --control\n']);
  });
});
