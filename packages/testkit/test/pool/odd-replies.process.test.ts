import { ProcessPool } from '@ostler/pool';
import { nodeFixture } from '@ostler/testkit';
import { afterEach, describe, expect, it } from 'vitest';

const pools: ProcessPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

function open(): ProcessPool {
  const pool = new ProcessPool({ command: nodeFixture('odd-replies'), maxWorkers: 1, output: 'event', killGrace: 100 });
  pools.push(pool);
  return pool;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  const taken: string[] = [];
  for await (const chunk of chunks) taken.push(text(chunk));
  return taken;
}

/** The pool goes on with another worker, and no task was lost on the way. */
async function expectReplaced(pool: ProcessPool): Promise<void> {
  expect(text(await pool.run('next', { handler: 'echo' }))).toBe('next');
  const { tasks, retired, workers } = pool.stats();
  expect(retired['protocol-error']).toBe(1);
  expect(workers.total).toBe(1);
  expect(tasks).toMatchObject({ submitted: 2, succeeded: 1, crashed: 1, running: 0 });
}

describe('a reply that breaks the protocol is the ProtocolError of its task, and its worker is replaced', () => {
  it.each([
    ['value-for-bytes', /encoding 1 came for a task of bytes/],
    ['unknown-encoding', /encoding 9 came for a task of bytes/],
    ['one-chunk', /CHUNK came for a task that is no stream/],
    ['end', /END came for a task that is no stream/],
    ['no-json-log', /expected a log record in JSON/],
    ['too-large', /a body of 2147483648 bytes is announced/],
    ['a-piece-of-nothing', /a piece of a body/],
    ['a-task-for-the-pool', /type 16 came from the worker, which only the pool sends/],
    ['a-ping-for-the-pool', /type 32 came from the worker, which only the pool sends/],
  ])('run(): %s', async (handler, message) => {
    const pool = open();
    await expect(pool.run('body', { handler })).rejects.toMatchObject({
      code: 'ERR_PROTOCOL',
      side: 'worker',
      taskId: 1,
      started: true,
      message: expect.stringMatching(message),
    });
    await expectReplaced(pool);
  });

  it.each([
    ['bytes-for-a-value', /encoding 0 came for a task of a value/],
    ['unknown-encoding', /encoding 9/],
    ['no-json', /expected JSON, got "no JSON"/],
    ['no-attachments', /body with attachments/],
    ['one-chunk', /no stream/],
    ['end', /no stream/],
  ])('call(): %s', async (handler, message) => {
    const pool = open();
    await expect(pool.call(handler, { a: 1 })).rejects.toMatchObject({
      code: 'ERR_PROTOCOL',
      side: 'worker',
      message: expect.stringMatching(message),
    });
    await expectReplaced(pool);
  });

  it.each([
    ['chunks-of-values', /encoding 1 came for a task of bytes/],
    ['value-for-bytes', /encoding 1 came for a task of bytes/],
  ])('stream(): %s', async (handler, message) => {
    const pool = open();
    await expect(drain(pool.stream('body', { handler }))).rejects.toMatchObject({
      code: 'ERR_PROTOCOL',
      message: expect.stringMatching(message),
    });
    await expectReplaced(pool);
  });

  it.each(['no-json-progress', 'no-attachments-progress'])('%s, where somebody listens to it', async (handler) => {
    const pool = open();
    const heard: unknown[] = [];
    const onProgress = (value: unknown) => heard.push(value);
    await expect(pool.run('body', { handler, onProgress })).rejects.toMatchObject({ code: 'ERR_PROTOCOL' });
    expect(heard).toEqual([]);
    await expectReplaced(pool);
  });

  it('every item of runMany() that is answered so, and no more', async () => {
    const pool = open();
    const outcomes = await pool.runMany(['a', 'b'], { handler: 'value-for-bytes' });
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'ERR_PROTOCOL' } },
      { status: 'rejected', reason: { code: 'ERR_PROTOCOL' } },
    ]);
    expect(text(await pool.run('next', { handler: 'echo' }))).toBe('next');
  });
});

describe('what is odd, but harmless', () => {
  it('a single RESULT is a stream of one chunk', async () => {
    expect(await drain(open().stream('whole', { handler: 'echo' }))).toEqual(['whole']);
  });

  it('a stream of nothing is empty', async () => {
    expect(await drain(open().stream('', { handler: 'end' }))).toEqual([]);
  });

  it.each(['twice', 'to-nobody'])('%s: what belongs to no task in flight is ignored', async (handler) => {
    const pool = open();
    for (const body of ['a', 'b', 'c']) expect(text(await pool.run(body, { handler }))).toBe(body);
    expect(await pool.call(handler, { a: 1 })).toEqual({ a: 1 });
    expect(pool.stats()).toMatchObject({ started: 1, tasks: { succeeded: 4 } });
  });

  it('a FAILURE whose body is no JSON is a failure with that text, and the worker is kept', async () => {
    const pool = open();
    const failed = pool.run('', { handler: 'no-json-failure' });
    await expect(failed).rejects.toMatchObject({ code: 'ERR_TASK_FAILED', remote: { message: 'no JSON' } });
    expect(text(await pool.run('next', { handler: 'echo' }))).toBe('next');
    expect(pool.stats().started).toBe(1);
  });

  it('NOT_STARTED for a task that nobody cancelled is a failure: it does not go round for ever', async () => {
    const pool = open();
    await expect(pool.run('', { handler: 'not-started' })).rejects.toMatchObject({ code: 'ERR_TASK_FAILED' });
    expect(pool.stats().started).toBe(1);
  });
});
