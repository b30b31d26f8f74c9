import { encodeValue } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import type { Handler } from '../src/index.js';
import { movedValue } from '../src/moved-value.js';
import { withJobs } from '../src/queue-job.js';
import type { Task } from '../src/task.js';

const said: unknown[] = [];
const task = {
  attempt: 3,
  signal: new AbortController().signal,
  progress: (value: unknown) => said.push(['progress', value]),
  log: (...line: unknown[]) => said.push(['log', ...line]),
} as unknown as Task;

/** What the handler gets for this input. */
function given(input: unknown): { input: never; rest: unknown[] } {
  let got: unknown[] = [];
  const handler = (...all: unknown[]): void => {
    got = all;
  };
  withJobs({ job: handler as Handler }).job?.(input, task);
  const [first, ...rest] = got;
  return { input: first as never, rest };
}

describe('a value that looks like a job', () => {
  test('has its methods, and is what was sent to everybody else', async () => {
    const sent = { id: 1, name: 'n', data: [1] };
    const { input: job, rest } = given({ ...sent }) as { input: never; rest: unknown[] };
    expect(rest).toEqual([task, task.signal]);
    expect(job).toEqual(sent);
    expect(encodeValue(job)).toEqual(encodeValue(sent));
    const { updateProgress, log, attemptsMade, opts } = job as Record<string, never> & {
      updateProgress(value: unknown): Promise<void>;
      log(row: string): Promise<void>;
    };
    expect([attemptsMade, opts]).toEqual([2, {}]);
    await updateProgress(50);
    await log('a row');
    expect(said).toEqual([
      ['progress', 50],
      ['log', 'info', 'a row'],
    ]);
    expect((job as { progress: unknown }).progress).toBe(50);
  });

  test('keeps what it has of its own', () => {
    const own = { id: 'x', name: 'n', data: '{}', log: 'mine', attemptsMade: 9, stacktrace: ['a'] };
    expect(given({ ...own }).input).toMatchObject(own);
  });

  test('refuses what only the queue could do', async () => {
    const { input } = given({ id: 'x', name: 'n', data: 1 });
    await expect((input as { moveToDelayed(): Promise<void> }).moveToDelayed()).rejects.toThrow('job.moveToDelayed()');
  });
});

test.each([
  [null],
  [7],
  ['text'],
  [Buffer.from('bytes')],
  [[1]],
  [{}],
  [{ id: 1, name: 'n' }],
  [{ id: {}, name: 'n', data: 1 }],
  [{ id: 1, name: 2, data: 1 }],
])('%o is no job', (input) => {
  const { input: got, rest } = given(input);
  expect(got).toBe(input);
  expect(rest).toEqual([task]);
  expect(Object.getOwnPropertyNames(Object(got))).not.toContain('updateProgress');
});

test('what Piscina.move() wraps is taken out of its wrapping', () => {
  const value = Buffer.from('x');
  const moved = { [Symbol.for('Piscina.transferable')]: value.buffer, [Symbol.for('Piscina.valueOf')]: value };
  expect(movedValue(moved)).toBe(value);
  for (const other of [value, null, 'x', { a: 1 }]) expect(movedValue(other)).toBe(other);
});
