import { type OstlerError, ProcessPool } from '@ostler/pool';
import { nodeFixture, pythonFixture, whyNoPython } from '@ostler/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const pools: ProcessPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

describe.each([
  ['Node', nodeFixture('faulty'), 'Error: left behind by an earlier task'],
  ['Python (needs python3)', pythonFixture('faulty'), 'SystemExit: left behind by an earlier task'],
])('what a task leaves behind in a %s worker, and ends it later', (language, command, error) => {
  beforeEach(({ skip }) => skip(language !== 'Node' && whyNoPython() !== null, 'needs python3'));

  function open(): { pool: ProcessPool; warnings: OstlerError[] } {
    const pool = new ProcessPool({ command, maxWorkers: 1, output: 'event', name: 'shop' });
    pools.push(pool);
    const warnings: OstlerError[] = [];
    pool.on('warning', (warning) => warnings.push(warning));
    return { pool, warnings };
  }

  const culprit = "what task 1 (handler 'late-throw') had left behind";

  it('is not charged to the task that runs then: its retries let it run again, and it is not convicted', async () => {
    const { pool, warnings } = open();
    await pool.run('', { handler: 'late-throw' });
    const retries = { attempts: 1 };
    const reply = await pool.run('unharmed', { handler: 'late-throw-victim', retries });
    expect(new TextDecoder().decode(reply)).toBe('unharmed');
    expect(pool.stats()).toMatchObject({ started: 2, crashes: 1, tasks: { succeeded: 2, crashed: 0 } });
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/^shop: worker pid \d+ died of /)]);
    expect(warnings[0]?.message).toContain(`${culprit}: ${error}`);
    expect(warnings[0]).toMatchObject({ code: 'ERR_WORKER_CRASHED', cause: { handler: 'late-throw' } });
  });

  it('is told to the caller of the task that ran then, which is not run again unasked', async () => {
    const { pool, warnings } = open();
    await pool.run('', { handler: 'late-throw' });
    await expect(pool.run('', { handler: 'late-throw-victim' })).rejects.toMatchObject({
      code: 'ERR_WORKER_CRASHED',
      taskId: 2,
      started: true,
      message: expect.stringContaining(`it died of ${culprit}: ${error}`),
    });
    expect(warnings).toHaveLength(1);
  });
});
