import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { open } from './support.js';

const worker = new URL('fixtures/telling.mjs', import.meta.url);

/** As a program does that computes without a pause, or a machine that sleeps. */
function holdUp(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('a program that is held up for longer than a time-out', () => {
  it('still gets the reply that came in time', async () => {
    const pool = open({ worker });
    await pool.run('warm');
    const reply = pool.run('1', { handler: 'sleep', timeout: 500 });
    await setImmediate(); // now it is sent
    holdUp(1_000);
    await expect(reply).resolves.toHaveLength(0);
    expect(pool.stats().tasks).toMatchObject({ timedOut: 0, succeeded: 2 });
  });
});
