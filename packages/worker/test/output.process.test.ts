import { FrameType } from '@ostler/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { fixture, task, WorkerProcess } from './support/worker-process.js';

const open: WorkerProcess[] = [];
afterEach(async () => {
  for (const worker of open.splice(0)) await worker[Symbol.asyncDispose]();
});

async function start(transport: 'channel' | 'stdio' = 'channel'): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start(fixture('talkative.js'), { transport });
  open.push(worker);
  return worker;
}

describe.each(['channel', 'stdio'] as const)('over %s', (transport) => {
  test('what a task prints are log lines of the task, sent before its reply', async () => {
    const worker = await start(transport);
    worker.send(task(1, 'console'), task(2, 'later'));
    await worker.reply(2);
    const about1 = worker.frames.filter(({ id }) => id === 1);
    expect(about1.at(-1)?.type).toBe(FrameType.result);
    expect(worker.logs).toEqual([
      { id: 1, level: 'info', message: 'to console.log', source: 'stdout' },
      { id: 1, level: 'error', message: 'to console.error', source: 'stderr' },
      { id: 1, level: 'info', message: 'to process.stdout, in two pieces, without an end', source: 'stdout' },
      { id: 2, level: 'info', message: 'after a wait', source: 'stdout' },
    ]);
    expect(worker.stderr).toBe('');
  });

  test('what is printed past the SDK never breaks a frame', async () => {
    const worker = await start(transport);
    for (let id = 1; id <= 20; id++) worker.send(task(id, id % 2 === 0 ? 'descriptor' : 'console'));
    worker.send(task(21, 'childPrints'), task(22, 'console'));
    expect(await worker.reply(22)).toBe('done');
    await worker.until('the print of the child', () => worker.stdout.includes('a child prints'));
    expect(worker.frames.filter(({ type }) => type === FrameType.result)).toHaveLength(22);
    expect(worker.stdout).toContain('straight to descriptor 1');
    expect(worker.stderr).toContain('straight to descriptor 2');
    expect(worker.damage).toEqual([]);
  });

  test('a handler that reads stdin finds it empty', async () => {
    const worker = await start(transport);
    worker.send(task(1, 'selfReads'), task(2, 'console'));
    expect(await worker.reply(1)).toBe('read: .');
    expect(await worker.reply(2)).toBe('done');
  });
});

test('a child process that reads stdin gets nothing of the protocol', async () => {
  const worker = await start();
  worker.send(task(1, 'childReads'), task(2, 'console'), task(3, 'console'));
  expect(await worker.reply(1)).toBe('read: .');
  expect(await worker.reply(3)).toBe('done');
});

test.skipIf(process.platform !== 'linux')(
  'a child process has neither the private descriptors nor the offer of them (needs /proc)',
  async () => {
    const worker = await start();
    worker.send(task(1, 'inherited'), task(2, 'environment'));
    expect(await worker.reply(1)).toBe('kept,kept');
    expect(await worker.reply(2)).toBe('undefined undefined');
  },
);

test('what is printed before serve() stays on the pipe', async () => {
  const worker = await start();
  expect(worker.stdout).toBe('printed before serve\n');
});

test('an unfinished line goes out before the process exits', async () => {
  const worker = await start();
  worker.send(task(1, 'exit'));
  expect(await worker.exit()).toBe(3);
  expect(worker.logs).toEqual([{ id: 1, level: 'info', message: 'an unfinished line', source: 'stdout' }]);
});
