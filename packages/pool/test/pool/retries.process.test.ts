import { describe, expect, it } from 'vitest';
import { errorOf, open, text } from './support.js';

describe('a task that fails', () => {
  it('is run once, unless retries were asked for', async () => {
    const pool = open();
    await expect(pool.run('1', { handler: 'crashUntil' })).rejects.toMatchObject({
      code: 'ERR_WORKER_CRASHED',
      attempt: 1,
    });
    await expect(pool.run('1', { handler: 'failUntil' })).rejects.toMatchObject({
      code: 'ERR_TASK_FAILED',
      attempt: 1,
    });
    expect(pool.stats().tasks).toMatchObject({ crashed: 1, failed: 1, retried: 0 });
  });

  it('by a crash is run again, and its worker knows which attempt it is', async () => {
    const pool = open();
    const reply = pool.run('1', { handler: 'crashUntil', retries: { attempts: 1 } });
    expect(text(await reply)).toBe('attempt 2');
    expect(pool.stats()).toMatchObject({ crashes: 1, tasks: { succeeded: 1, crashed: 0, retried: 1 } });
  });

  it('by its handler is run again where failures count', async () => {
    const pool = open({ retries: { attempts: 2, on: ['failure'] } });
    expect(text(await pool.run('2', { handler: 'failUntil' }))).toBe('attempt 3');
    expect(pool.stats()).toMatchObject({ started: 1, tasks: { retried: 2 } });
  });

  it('by a time-out is run again where time-outs count', async () => {
    const pool = open({ killGrace: 50 });
    const retries = { attempts: 1, on: ['timeout'] } as const;
    const reply = pool.run('1', { handler: 'hangUntil', timeout: 500, retries });
    expect(text(await reply)).toBe('attempt 2');
    expect(pool.stats()).toMatchObject({ retired: { timeout: 1 }, tasks: { timedOut: 0, retried: 1 } });
  });

  it('for a reason that its retries do not name is not run again', async () => {
    const pool = open({ retries: { attempts: 5 } });
    await expect(pool.run('1', { handler: 'failUntil' })).rejects.toMatchObject({ attempt: 1 });
    const retries = { attempts: 5, on: ['failure', 'timeout'] } as const;
    const crash = pool.run('1', { handler: 'crashUntil', retries });
    await expect(crash).rejects.toMatchObject({ code: 'ERR_WORKER_CRASHED', attempt: 1 });
    expect(pool.stats().tasks.retried).toBe(0);
  });

  it('has no more attempts than were asked for, and tells the last one', async () => {
    const pool = open();
    const failed = pool.run('9', { handler: 'failUntil', retries: { attempts: 3, on: ['failure'] } });
    await expect(failed).rejects.toMatchObject({
      code: 'ERR_TASK_FAILED',
      attempt: 4,
      started: true,
      remote: { message: 'not yet' },
      message: expect.stringContaining('attempt 4'),
    });
    expect(pool.stats().tasks).toMatchObject({ submitted: 1, failed: 1, retried: 3 });
  });

  it("has the pool's retries unless it has its own", async () => {
    const pool = open({ retries: { attempts: 1, on: ['failure'] } });
    expect(text(await pool.run('1', { handler: 'failUntil' }))).toBe('attempt 2');
    const failed = pool.run('1', { handler: 'failUntil', retries: { attempts: 0 } });
    await expect(failed).rejects.toMatchObject({ attempt: 1 });
  });

  it('keeps its place in the queue', async () => {
    const pool = open({ retries: { attempts: 1, on: ['failure'] } });
    expect(await settleOrder(pool.run('1', { handler: 'failUntil' }), pool.run('other'))).toEqual([
      'attempt 2',
      'other',
    ]);
  });

  it('lets others overtake it during its back-off', async () => {
    const pool = open({ retries: { attempts: 1, on: ['failure'], backoff: 100 } });
    expect(await settleOrder(pool.run('1', { handler: 'failUntil' }), pool.run('other'))).toEqual([
      'other',
      'attempt 2',
    ]);
  });

  it('in the middle of a stream is not run again: its consumer would get the beginning twice', async () => {
    const pool = open({ retries: { attempts: 3, on: ['failure', 'crash'] } });
    const first = pool.stream('1', { handler: 'failUntil' }).next();
    await expect(first).rejects.toMatchObject({ code: 'ERR_TASK_FAILED', attempt: 1 });
  });
});

describe('a task that kills its second worker', () => {
  it('is convicted, with what is known of each attempt', async () => {
    const pool = open();
    const error = await errorOf(pool.run('9', { handler: 'complainUntil', retries: { attempts: 5 } }));
    expect(error).toMatchObject({
      code: 'ERR_POISON_TASK',
      attempt: 2,
      evidence: [
        { attempt: 1, workerId: 1, exit: { exitCode: 5, signal: null }, stderrTail: 'attempt 1 is lost\n' },
        { attempt: 2, workerId: 2, exit: { exitCode: 5, signal: null }, stderrTail: 'attempt 2 is lost\n' },
      ],
    });
    const [first, second] = error.evidence as { exit: { pid: number } }[];
    expect(first?.exit.pid).not.toBe(second?.exit.pid);
    expect(error.message).toMatch(/killed 2 workers .* exited with code 5.*attempt 2 is lost$/);
    expect(pool.stats().tasks).toMatchObject({ crashed: 1, retried: 1 });
  });

  it('harms nobody who waits behind it', async () => {
    const pool = open({ retries: { attempts: 5 } });
    const poison = pool.run('9', { handler: 'crashUntil' });
    const others = Array.from({ length: 20 }, (_, i) => pool.run(`${i}`));
    await expect(poison).rejects.toMatchObject({ code: 'ERR_POISON_TASK' });
    expect((await Promise.all(others)).map(text)).toEqual(others.map((_, i) => `${i}`));
  });
});

describe('the retries of a pool', () => {
  it('have a budget, so that a storm of failures does not amplify itself', async () => {
    const pool = open({ retries: { attempts: 10, on: ['failure'] } });
    const storm = Array.from({ length: 500 }, () => pool.run('99', { handler: 'failUntil' }));
    const attempts = (await Promise.all(storm.map(errorOf))).map((error) => error.attempt as number);
    const { retried, failed } = pool.stats().tasks;
    expect(failed).toBe(500);
    expect(attempts.reduce((sum, attempt) => sum + attempt - 1, 0)).toBe(retried);
    expect(retried).toBeGreaterThanOrEqual(100);
    expect(retried).toBeLessThan(1_000); // 5,000 were asked for
  });
});

/** The replies, in the order in which they came. */
async function settleOrder(...replies: Promise<Uint8Array>[]): Promise<string[]> {
  const order: string[] = [];
  await Promise.all(replies.map((reply) => reply.then((bytes) => order.push(text(bytes)))));
  return order;
}
