import { describe, expect, it } from 'vitest';
import { FIXTURES, isBuilt, open } from './support.js';

describe.skipIf(!isBuilt)('what a task leaves behind in a .NET worker (needs the .NET SDK 10)', () => {
  it.each(['async', 'thread', 'timer'])('is blamed on that task when it throws later: %s', async (left) => {
    const pool = open([...FIXTURES, 'faulty']);
    const warnings: Error[] = [];
    pool.on('warning', (warning) => warnings.push(warning));
    await pool.run(left, { handler: 'late-throw' });
    const reply = await pool.run('unharmed', { handler: 'late-throw-victim', retries: { attempts: 1 } });
    expect(Buffer.from(reply).toString()).toBe('unharmed');
    const culprit = "what task 1 (handler 'late-throw') had left behind: InvalidOperationException: left behind by";
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining(culprit)]);
    expect(pool.stats()).toMatchObject({ started: 2, crashes: 1, tasks: { succeeded: 2, crashed: 0 } });
  });
});
