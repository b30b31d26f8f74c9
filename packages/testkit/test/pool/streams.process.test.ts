import { ProcessPool } from '@ostler/pool';
import { INITIAL_CREDIT } from '@ostler/protocol';
import { nodeFixture, pythonFixture, whyNoPython } from '@ostler/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Bytes of an item of `flood`. */
const ITEM = 65_536;
/** Those that fit into the first credit, and the one that a generator makes before it waits. */
const MOST_AHEAD = INITIAL_CREDIT / ITEM + 1;

const pools: ProcessPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

function open(command: readonly [string, ...string[]], maxWorkers = 1): ProcessPool {
  const pool = new ProcessPool({ command, minWorkers: maxWorkers, maxWorkers, output: 'event' });
  pools.push(pool);
  return pool;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** All chunks, and what ended the stream, if it did not end well. */
async function drain(chunks: AsyncIterable<Uint8Array>): Promise<{ taken: string[]; error?: unknown }> {
  const taken: string[] = [];
  try {
    for await (const chunk of chunks) taken.push(text(chunk));
    return { taken };
  } catch (error) {
    return { taken, error };
  }
}

/** Resolves when the worker says that its generator was closed. */
function closed(pool: ProcessPool): Promise<void> {
  return new Promise((resolve) => pool.on('log', ({ line }) => line === 'closed' && resolve()));
}

describe.each([
  ['Node', nodeFixture('streams')],
  ['Python (needs python3)', pythonFixture('streams')],
])('a stream of a %s worker', (language, command) => {
  beforeEach(({ skip }) => skip(language !== 'Node' && whyNoPython() !== null, 'needs python3'));

  it.each(['numbers', 'numbers-later'])('gives the items of %s in order, large ones and many', async (handler) => {
    const pool = open(command);
    expect(await drain(pool.stream('3', { handler }))).toEqual({ taken: ['0', '1', '2'] });
    const { taken } = await drain(pool.stream('20000', { handler }));
    expect(taken).toEqual(Array.from({ length: 20_000 }, (_, n) => String(n)));
  });

  it('may be promised, empty, or a single value', async () => {
    const pool = open(command);
    expect(await drain(pool.stream('a,b', { handler: 'readable' }))).toEqual({ taken: ['a', 'b'] });
    expect(await drain(pool.stream('', { handler: 'none' }))).toEqual({ taken: [] });
    expect(await drain(pool.stream('whole', { handler: 'echo' }))).toEqual({ taken: ['whole'] });
    expect(pool.stats().tasks.succeeded).toBe(3);
  });

  it('gives what came before an error, then the error; the worker is kept', async () => {
    const pool = open(command);
    const { taken, error } = await drain(pool.stream('', { handler: 'half' }));
    expect(taken).toEqual(['one', 'two']);
    expect(error).toMatchObject({ code: 'ERR_TASK_FAILED', remote: { message: 'out of items' } });
    const wrong = await drain(pool.stream('', { handler: 'wrong' }));
    expect(wrong).toMatchObject({ taken: ['one'], error: { remote: { name: 'ReplyKindError' } } });
    expect(pool.stats().started).toBe(1);
  });

  it('ends with the death of its worker, and is not run again', async () => {
    const pool = open(command);
    const { taken, error } = await drain(pool.stream('', { handler: 'dies', retries: { attempts: 3 } }));
    expect(taken).toEqual(['one']);
    expect(error).toMatchObject({ code: 'ERR_WORKER_CRASHED', exit: { exitCode: 3 }, attempt: 1 });
  });

  it('that run() did not ask for is a failure, and no item is made', async () => {
    const pool = open(command);
    for (const handler of ['numbers', 'numbers-later', 'readable', 'flood']) {
      const failed = pool.run('1', { handler });
      await expect(failed).rejects.toMatchObject({ code: 'ERR_TASK_FAILED', remote: { name: 'ReplyKindError' } });
    }
    expect(pool.stats().started).toBe(1);
  });

  it.each(['flood', 'flood-later'])('waits for a slow consumer, and is closed when it leaves: %s', async (handler) => {
    const pool = open(command, 2);
    await pool.ready();
    const wasClosed = closed(pool);
    let [sent, taken] = [0, 0];
    const waiters: (() => void)[] = [];
    const onProgress = (n: unknown) => {
      sent = n as number;
      for (const wake of waiters.splice(0)) wake();
    };
    for await (const chunk of pool.stream('', { handler, onProgress })) {
      expect(chunk.byteLength).toBe(ITEM);
      taken++;
      // The worker uses all of its credit …
      while (sent < taken - 1 + MOST_AHEAD - 1) await new Promise<void>((resolve) => waiters.push(resolve));
      // … and no more of it, whatever time it gets: the other worker answers meanwhile.
      for (let n = 0; n < 5; n++) await pool.run('', { handler: 'echo' });
      expect(sent - taken).toBeLessThanOrEqual(MOST_AHEAD);
      if (taken === 12) break;
    }
    await wasClosed;
    expect(text(await pool.run('next', { handler: 'echo' }))).toBe('next');
    const { started, tasks, crashes } = pool.stats();
    expect({ started, crashes, aborted: tasks.aborted }).toEqual({ started: 2, crashes: 0, aborted: 1 });
  });

  it('that is given up while nothing comes is cancelled at once', async () => {
    const pool = open(command);
    const wasClosed = closed(pool);
    const stream = pool.stream('', { handler: 'silent', onProgress: () => void stream.return?.() });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await wasClosed;
    expect(pool.stats()).toMatchObject({ started: 1, tasks: { aborted: 1 } });
  });

  it('whose signal is aborted gives what came, then the TaskAbortedError', async () => {
    const pool = open(command);
    const wasClosed = closed(pool);
    const left = new AbortController();
    const stream = pool.stream('', { handler: 'flood', signal: left.signal });
    await stream.next();
    left.abort(new Error('enough'));
    const { error } = await drain(stream);
    expect(error).toMatchObject({ code: 'ERR_TASK_ABORTED', cause: { message: 'enough' } });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await wasClosed;
  });
});

describe('a stream that nobody reads', () => {
  it('is never submitted, and holds no worker', async () => {
    const pool = open(nodeFixture('streams'));
    const stream = pool.stream('', { handler: 'flood' });
    expect(text(await pool.run('next', { handler: 'echo' }))).toBe('next');
    expect(pool.stats().tasks.submitted).toBe(1);
    await stream.return?.();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(pool.stats().tasks.submitted).toBe(1);
  });

  it('says what is wrong with it when it is read, once', async () => {
    const pool = open(nodeFixture('streams'));
    const stream = pool.stream(7 as unknown as string);
    await expect(stream.next()).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', option: 'body' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    const other = pool.stream('', { timeout: -1 });
    await expect(other.next()).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', option: 'timeout' });
    expect(await other.next()).toEqual({ done: true, value: undefined });
  });
});
