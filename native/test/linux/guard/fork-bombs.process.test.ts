import { load } from '@ostler/native';
import { describe, expect, it } from 'vitest';
import { canBeNobody } from '../ordinary-user.js';
import { marked, startedPid, useGuards } from './guarded.js';

/** Forks until that fails, then says so once, and goes on: each place that becomes free is taken at once. */
const BOMB = '$| = 1; while (1) { my $pid = fork; if (!defined $pid && !$said++) { print "full\\n" } }';
/** Every process is a session of its own, and of three parents one ends at once; the worker stays. */
const SCATTERING_BOMB = `
  use POSIX; $| = 1; my $worker = $$;
  while (1) {
    my $pid = fork;
    if (!defined $pid) { print "full\\n" if !$said++ }
    elsif ($pid == 0) { POSIX::setsid() }
    elsif ($$ != $worker && rand() < 0.3) { exit }
  }`;
/** Nobody else's, as the limit counts all processes of a user. */
const OWN_USER = 61_000 + (process.pid % 4_000);

describe.skipIf(load().binding === undefined)('a fork bomb under a guard', () => {
  const start = useGuards();

  it.skipIf(!canBeNobody).each([
    ['that fills its limit', BOMB],
    ['whose processes leave their parents and sessions', SCATTERING_BOMB],
  ])('%s is ended, for an ordinary user without control groups', async (_, bomb) => {
    const guard = start({
      guard: ['--rlimit=nproc=100', '--rlimit=cpu=20'],
      command: ['perl', '-e', bomb],
      uid: OWN_USER,
    });
    await startedPid(guard);
    expect(await guard.output()).toBe('full');
    guard.order('kill');
    await guard.ending;
    expect(marked(guard.mark)).toEqual([]);
  });
});
