import { decodeTaskMetadata } from '@ostler/protocol';
import { expect, test } from 'vitest';
import { CapturedOutput } from '../src/captured-output.js';
import { LiveTask, type LogRecord } from '../src/live-task.js';
import { taskContext } from '../src/task-context.js';

interface Line extends LogRecord {
  readonly id: number | undefined;
}

function capture() {
  const lines: Line[] = [];
  const output = new CapturedOutput((task, records) =>
    lines.push(...records.map((record) => ({ id: task?.id, ...record }))),
  );
  return { lines, output, texts: () => lines.map(({ id, message }) => `${id ?? '-'}: ${message}`) };
}

function liveTask(id: number): LiveTask {
  const fields = decodeTaskMetadata(new Uint8Array());
  const host = { slot: 0, now: () => 0, sendLog: () => {}, sendProgress: () => {} };
  return new LiveTask({ id, flags: 0, encoding: 0, fields, body: new Uint8Array() }, host);
}

test('each line is a record with its source and level', () => {
  const { lines, output } = capture();
  output.write('stdout', 'one\ntwo\n');
  output.write('stderr', 'bad\r\n');
  expect(lines).toEqual([
    { id: undefined, level: 'info', message: 'one', source: 'stdout' },
    { id: undefined, level: 'info', message: 'two', source: 'stdout' },
    { id: undefined, level: 'error', message: 'bad', source: 'stderr' },
  ]);
});

test('a line may be written in pieces, and the sources do not mix', () => {
  const { texts, output } = capture();
  output.write('stdout', 'on');
  output.write('stderr', 'ba');
  output.write('stdout', 'e\n\nt');
  output.write('stderr', 'd\n');
  expect(texts()).toEqual(['-: one', '-: ', '-: bad']);
  output.flush(undefined);
  expect(texts().at(-1)).toBe('-: t');
});

test('lines belong to the task in whose context they are written, also after a wait', async () => {
  const { texts, output } = capture();
  const [first, second] = [liveTask(1), liveTask(2)];
  const write = async (text: string) => {
    output.write('stdout', text);
    await Promise.resolve();
    output.write('stdout', `${text} later\n`);
  };
  await Promise.all([taskContext.run(first, () => write('a')), taskContext.run(second, () => write('b'))]);
  expect(texts()).toEqual(['1: aa later', '2: bb later']);
});

test('a task that ends gets its unfinished line sent, and only its own', () => {
  const { texts, output } = capture();
  const [first, second] = [liveTask(1), liveTask(2)];
  taskContext.run(first, () => output.write('stdout', 'mine'));
  taskContext.run(second, () => output.write('stdout', 'yours'));
  output.flush(first);
  expect(texts()).toEqual(['1: mine']);
  output.flushAll();
  expect(texts()).toEqual(['1: mine', '2: yours']);
  output.flushAll();
  expect(texts()).toHaveLength(2);
});

test('what a task writes after its end belongs to nobody', () => {
  const { texts, output } = capture();
  const task = liveTask(1);
  task.done = true;
  taskContext.run(task, () => output.write('stdout', 'late\n'));
  expect(texts()).toEqual(['-: late']);
});

test('a line that never ends is cut, not kept', () => {
  const { lines, output } = capture();
  for (let n = 0; n < 200; n++) output.write('stdout', 'x'.repeat(1000));
  expect(lines.map(({ message }) => message.length)).toEqual([65_536, 65_536, 65_536]);
  output.flushAll();
  expect(lines.at(-1)?.message.length).toBe(200_000 - 3 * 65_536);
});
