import { describe, expect, it } from 'vitest';
import { open } from '../support.js';
import { isPublished, PUBLISHED } from './support.js';

describe.skipIf(!isPublished)('the channel of a self-contained .NET worker (needs the .NET SDK 10)', () => {
  it('loses no reply that it held back when it died, and blames the task that it died of', async () => {
    const pool = open([...PUBLISHED, 'faulty']);
    await pool.ready();
    const bodies = Array.from({ length: 400 }, (_, index) => `${index}`);
    const outcomes = await Promise.allSettled(
      bodies.map((body, index) => pool.run(body, { handler: index === 357 ? 'exit-1' : 'sha512' })),
    );
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([357]);
    expect(outcomes[357]).toMatchObject({
      reason: { code: 'ERR_WORKER_CRASHED', started: true, exit: { exitCode: 1 } },
    });
  });

  it('is stdin and stdout where the program that started it has kept the private descriptors', async () => {
    const keeper = "require('child_process').spawnSync(process.argv[1], ['echo'], { stdio: 'inherit' })";
    const pool = open([process.execPath, '-e', keeper, ...PUBLISHED]);
    const lines: string[] = [];
    pool.on('log', ({ line }) => lines.push(line.trim()));
    expect(Buffer.from(await pool.run('over stdout')).toString()).toBe('over stdout');
    await pool.close();
    expect(lines).toEqual([expect.stringContaining('OSTLER_CHANNEL are not there')]);
  });
});
