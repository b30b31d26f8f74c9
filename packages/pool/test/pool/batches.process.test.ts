import type { Outcome } from '@ostler/pool';
import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';
import { open, text } from './support.js';

/** The value of each outcome, or the code of its error. */
function told(outcomes: Outcome[]): string[] {
  return outcomes.map((each) => (each.status === 'fulfilled' ? text(each.value) : each.reason.code));
}

describe('runMany', () => {
  it('gives the outcomes in the order of the bodies, whoever was first', async () => {
    const pool = open({ minWorkers: 2, maxWorkers: 2 });
    const bodies = Array.from({ length: 5_000 }, (_, i) => `${i}`);
    expect(told(await pool.runMany(bodies))).toEqual(bodies);
    expect(pool.stats().tasks).toMatchObject({ submitted: 5_000, succeeded: 5_000 });
  });

  it('runs each of its tasks again where retries were asked for', async () => {
    const pool = open();
    const retries = { attempts: 2, on: ['failure'] } as const;
    const outcomes = await pool.runMany(['0', '1', '2', '3'], { handler: 'failUntil', retries });
    expect(told(outcomes)).toEqual(['attempt 1', 'attempt 2', 'attempt 3', 'ERR_TASK_FAILED']);
  });

  it('of one key runs its tasks one at a time', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2 });
    const outcomes = pool.runMany(['a', 'b', 'c'], { handler: 'gated', key: 'k' });
    await gate.pass('a', 'b', 'c');
    expect(told(await outcomes)).toEqual(['a', 'b', 'c']);
    expect(gate.most).toBe(1);
  });

  it('holds the time-out of each task, not of all', async () => {
    const pool = open({ killGrace: 50 });
    const outcomes = await pool.runMany(['20', '100000', '20'], { handler: 'pause', timeout: 1_000 });
    expect(told(outcomes)).toEqual(['paused', 'ERR_TASK_TIMEOUT', 'paused']);
  });
});
