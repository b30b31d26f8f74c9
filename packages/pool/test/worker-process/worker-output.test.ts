import { expect, test } from 'vitest';
import { WorkerOutput } from '../../src/worker-process/worker-output.js';

function output(): { lines: string[]; worker: WorkerOutput } {
  const lines: string[] = [];
  return { lines, worker: new WorkerOutput((source, line) => lines.push(`${source}: ${line}`)) };
}

test('the first 4 KiB of stdout and the last 4 KiB of stderr are kept', () => {
  const { worker } = output();
  for (let i = 0; i < 1_000; i++) {
    worker.push('stdout', Buffer.from(`${i % 10}`.repeat(10)));
    worker.push('stderr', Buffer.from(`${i % 10}`.repeat(10)));
  }
  expect(worker.stdoutHead).toHaveLength(4096);
  expect(worker.stdoutHead.startsWith('00000000001111111111')).toBe(true);
  expect(worker.stderrTail).toHaveLength(4096);
  expect(worker.stderrTail.endsWith('88888888889999999999')).toBe(true);
});

test('what a worker prints to stdout after its HELLO is no part of the report', () => {
  const { worker } = output();
  worker.push('stdout', Buffer.from('before'));
  worker.closeHead();
  worker.push('stdout', Buffer.from('after'));
  expect(worker.stdoutHead).toBe('before');
});

test('dropped bytes are counted in a line of their own', () => {
  const { lines, worker } = output();
  worker.push('stdout', Buffer.from('flood'), 1_000_000);
  worker.end();
  expect(lines).toEqual(['stdout: flood', 'stdout: (1000000 more bytes were dropped)']);
});
