import { describe, expect, it } from 'vitest';
import { errorOf, open, record } from './support.js';

const fixture = (name: string): URL => new URL(`fixtures/foreign/${name}`, import.meta.url);
const sum = { a: 2, b: 3 };

describe('a worker file of piscina runs unmodified:', () => {
  it.each(['piscina.mjs', 'piscina.cjs', 'piscina-named.cjs', 'piscina-late.cjs', 'piscina-compiled.cjs'])(
    'the task of %s',
    async (file) => {
      expect(await open({ worker: fixture(file) }).call('default', sum)).toBe(5);
    },
  );

  it.each(['piscina.mjs', 'piscina-named.cjs', 'piscina-compiled.cjs'])('a named task of %s', async (file) => {
    expect(await open({ worker: fixture(file) }).call('multiply', sum)).toBe(6);
  });
});

/** As `job.toJSON()` of BullMQ gives it, and what a caller without BullMQ would write. */
const WIDTHS = { image: 'cat', widths: [100, 200] };
const JOB = { id: '7', name: 'thumbs', data: WIDTHS };
/** As `job.asJSON()` gives it: what the job's code has made is JSON within the JSON. */
const STORED = {
  ...JOB,
  data: JSON.stringify(WIDTHS),
  opts: { attempts: 3, priority: 5 },
  progress: 0,
  attemptsMade: 2,
  timestamp: 1_700_000_000_000,
  stacktrace: '[]',
  returnvalue: 'null',
};

describe('a sandboxed processor of BullMQ runs unmodified', () => {
  it.each([
    ['a job as BullMQ stores it', STORED, { attemptsMade: 2, priority: 5 }],
    ['a job with nothing but its data', JOB, { attemptsMade: 0, priority: null }],
  ])('with %s', async (_, job, about) => {
    const pool = open({ worker: fixture('processor.cjs') });
    const lines = record(pool, 'log');
    const progress: unknown[] = [];
    const result = await pool.call('default', job, { onProgress: (value) => progress.push(value) });
    expect(result).toEqual({ results: ['cat@100', 'cat@200'], progress: 100, ...about });
    expect(progress).toEqual([50, 100]);
    expect(lines.map(({ line, taskId }) => [line, taskId])).toEqual([['Start processing job 7 (thumbs)', 1]]);
  });

  it('which hears of an abort', async () => {
    const pool = open({ worker: fixture('processor.mjs') });
    const abort = new AbortController();
    const onProgress = (): void => abort.abort();
    const error = await errorOf(pool.call('default', JOB, { signal: abort.signal, onProgress }));
    expect(error).toMatchObject({ code: 'ERR_TASK_ABORTED' });
    await pool.close();
    expect(pool.stats()).toMatchObject({ started: 1, crashes: 0, retired: { aborted: 0 } });
  });

  it('but for what only the queue could do, which is refused by its name', async () => {
    const error = await errorOf(open({ worker: fixture('processor-compiled.cjs') }).call('default', JOB));
    expect(error).toMatchObject({ code: 'ERR_TASK_FAILED' });
    expect(error.message).toContain('job.updateData(): a worker of a pool does not reach the queue');
  });
});
