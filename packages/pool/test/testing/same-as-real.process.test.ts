import { type PoolOptions, ProcessPool } from '@ostler/pool';
import { inProcessPool } from '@ostler/pool/testing';
import { afterEach, describe, expect, test } from 'vitest';
import * as handlers from './fixtures/handlers.mjs';

const WORKER = new URL('fixtures/handlers.mjs', import.meta.url);
const OPTIONS: PoolOptions = { name: 'same', initData: { a: 1 }, maxWorkers: 1, maxBodySize: 1000, output: 'event' };

type Asked = (pool: ProcessPool) => Promise<unknown>;

const pools: ProcessPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

/** What a pool answers: the value, or all that an error says but where it happened. */
async function told(pool: ProcessPool, ask: Asked): Promise<unknown> {
  pools.push(pool);
  await pool.ready();
  return ask(pool).then((value) => ({ value: seen(value) }), inWords);
}

function seen(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return JSON.parse(JSON.stringify(value, (key, each) => (key === 'stack' ? undefined : each)) ?? 'null');
}

function inWords(error: unknown): unknown {
  const { message, name, ...rest } = error as Error & Record<string, unknown>;
  const { stderrTail: _, exit: __, ...facts } = rest;
  const { cause } = error as Error;
  return seen({ ...facts, name, message: message.replaceAll(/pid \d+/g, 'pid N'), cause: cause && String(cause) });
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let all = '';
  for await (const chunk of chunks) all += Buffer.from(chunk).toString();
  return all;
}

const CASES: [what: string, ask: Asked][] = [
  ['bytes', (pool) => pool.run('héllo')],
  ['the kind of input', (pool) => pool.run('x', { handler: 'isBuffer' })],
  ['a value', (pool) => pool.call('double', { n: 21 })],
  ['bytes within a value', async (pool) => [...(await pool.call('reversed', { bytes: Uint8Array.of(1, 2) })).bytes]],
  ['nothing', (pool) => pool.call('progress', 0)],
  ['the init data', (pool) => pool.call('initData', null)],
  [
    'what a task knows of itself',
    (pool) => {
      const said = { tenant: 't', metadata: { k: 'v' }, idempotencyKey: 'once', timeout: 60_000 };
      return pool.call('about', null, said);
    },
  ],
  [
    'progress and log lines',
    async (pool) => {
      const steps: unknown[] = [];
      pool.on('log', ({ source, level, line, taskId }) => steps.push({ source, level, line, taskId }));
      await pool.call('progress', 3, { onProgress: (value) => steps.push(value) });
      return steps;
    },
  ],
  ['a stream', (pool) => collect(pool.stream('5', { handler: 'count' }))],
  ['a map', (pool) => collect(pool.map(['a', 'b', 'c']))],
  ['outcomes', async (pool) => (await pool.runMany(['a', 'b'], { handler: 'fail' })).map(({ status }) => status)],
  ['an error with what it carries', (pool) => pool.call('fail', null)],
  ['an error that is none', (pool) => pool.call('throwText', null)],
  ['an input that JSON would change', (pool) => pool.call('double', { n: 1, at: new Date(0) })],
  ['a reply that JSON would change', (pool) => pool.call('date', null)],
  ['a value for a caller of bytes', (pool) => pool.run('1', { handler: 'initData' })],
  ['a stream for a caller of one value', (pool) => pool.run('1', { handler: 'count' })],
  ['a body that is too large', (pool) => pool.run('x'.repeat(1001))],
  ['a reply that is too large', (pool) => pool.run('1001', { handler: 'large' })],
  ['a wrong option', async (pool) => pool.run('x', { timeuot: 1 } as never)],
  ['a time-out', (pool) => pool.run('x', { handler: 'untilAborted', timeout: 30 })],
  [
    'an abort, of which the handler hears',
    async (pool) => {
      const abort = new AbortController();
      const before = await pool.call('aborts', null);
      const onProgress = (): void => abort.abort(new Error('enough'));
      const error = await pool.run('x', { handler: 'untilAborted', signal: abort.signal, onProgress }).catch(inWords);
      return [error, (await pool.call('aborts', null)) - before];
    },
  ],
  [
    'a pool that is closed',
    async (pool) => {
      const last = pool.run('last');
      await pool.close();
      return [seen(await last), await pool.run('too late').catch(inWords)];
    },
  ],
  [
    'a pool that is destroyed',
    async (pool) => {
      await pool.ready();
      const running = pool.run('x', { handler: 'untilAborted' }).catch(inWords);
      await pool.destroy();
      return running;
    },
  ],
  [
    'a pause',
    async (pool) => {
      pool.pause();
      const waits = pool.run('x');
      const { state, queue } = pool.stats();
      pool.resume();
      return [state, queue.size, seen(await waits)];
    },
  ],
  [
    'a replacement',
    async (pool) => {
      await pool.ready();
      await pool.replaceAll();
      const { retired, started, workers } = pool.stats();
      return [retired.replaced, started, workers];
    },
  ],
];

test('an unknown handler is told, with those that there are', async () => {
  for (const pool of [new ProcessPool({ ...OPTIONS, worker: WORKER }), inProcessPool(handlers, OPTIONS)]) {
    pools.push(pool);
    const error = await pool.call('duoble' as never, null).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'ERR_TASK_FAILED', remote: { name: 'HandlerNotFoundError' } });
    const known = Object.keys(handlers).filter((name) => name !== 'init');
    expect(error.remote.data.known.toSorted()).toEqual(known.toSorted());
  }
});

describe('a pool without processes gives what a real one gives:', () => {
  test.each(CASES)('%s', async (_, ask) => {
    const real = await told(new ProcessPool({ ...OPTIONS, worker: WORKER }), ask);
    const ours = await told(inProcessPool(handlers, OPTIONS), ask);
    expect(ours).toEqual(real);
    expect(real).toBeDefined();
  });
});
