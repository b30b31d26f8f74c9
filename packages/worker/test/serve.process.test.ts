import { Flag, FrameType, splitBody } from '@ostler/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { fixture, type StartOptions, task, WorkerProcess } from './support/worker-process.js';

const open: WorkerProcess[] = [];
afterEach(async () => {
  for (const worker of open.splice(0)) await worker[Symbol.asyncDispose]();
});

async function start(name: string, options: StartOptions = {}): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start(fixture(name), options);
  open.push(worker);
  return worker;
}

function launch(name: string): WorkerProcess {
  const worker = new WorkerProcess(fixture(name));
  open.push(worker);
  return worker;
}

describe('tasks', () => {
  test('of all sizes come back, over both transports', async () => {
    for (const transport of ['channel', 'stdio'] as const) {
      const worker = await start('busy.js', { transport });
      const sizes = [0, 1, 7, 8, 1024, 65_500, 65_536, 300_000, 1 << 20];
      for (const [id, size] of sizes.entries()) worker.send(task(id, 'echo', Buffer.alloc(size, 'abc')));
      for (const [id, size] of sizes.entries()) {
        const { body } = await worker.message(FrameType.result, id);
        expect(Buffer.alloc(size, 'abc').equals(body)).toBe(true);
      }
    }
  });

  test('come back whole over a descriptor that does not block', async () => {
    const worker = await start('busy.js', { transport: 'shared' });
    const body = Buffer.alloc(16 << 20, 'abc');
    const pieces = [...splitBody({ ...task(1, 'echo', body), key: 0 }, 1 << 20)];
    worker.send(...pieces);
    await worker.until(
      'the last piece',
      () => worker.frames.reduce((sum, frame) => sum + frame.body.length, 0) >= body.length,
    );
    const replies = worker.frames.filter(({ id }) => id === 1);
    expect(Buffer.concat(replies.map((frame) => frame.body)).equals(body)).toBe(true);
  });

  test('by the thousand come back in order', async () => {
    const worker = await start('busy.js');
    const ids = Array.from({ length: 5000 }, (_, index) => index + 1);
    worker.send(...ids.map((id) => task(id, 'echo', `input ${id}`)));
    await worker.reply(5000);
    expect(worker.frames.filter(({ type }) => type === FrameType.result).map(({ text }) => text)).toEqual(
      ids.map((id) => `input ${id}`),
    );
  });

  test('can use timers, and wait for one another when concurrency allows', async () => {
    const worker = await start('busy.js', { concurrency: 3 });
    worker.send(task(1, 'gate', 'a'), task(2, 'timer'));
    expect(await worker.reply(2)).toBe('timer');
    worker.send(task(3, 'open', 'a'));
    expect(await worker.reply(1)).toBe('opened');
  });

  test('that wait behind an async handler can be recalled while it runs', async () => {
    const worker = await start('busy.js');
    worker.send(task(1, 'hang'), task(2, 'echo'), { type: FrameType.cancel, id: 2 });
    const { flags } = await worker.message(FrameType.failure, 2);
    expect(flags).toBe(Flag.cancelled | Flag.notStarted);
    worker.send({ type: FrameType.ping, id: 5 });
    await worker.message(FrameType.pong, 5);
    worker.send({ type: FrameType.cancel, id: 1 });
    expect((await worker.failure(1)).name).toBe('AbortError');
  });

  test('that stream send no more than the credit, until they are given more or cancelled', async () => {
    const worker = await start('busy.js');
    const chunks = (id: number) =>
      worker.frames.filter((frame) => frame.type === FrameType.chunk && frame.id === id).length;
    worker.send(task(1, 'forever', '', { flags: Flag.stream }));
    await worker.until('three chunks', () => chunks(1) >= 3);
    worker.send({ type: FrameType.ping, id: 6 });
    await worker.message(FrameType.pong, 6);
    expect(chunks(1)).toBe(3);
    worker.send({ type: FrameType.cancel, id: 1 });
    expect((await worker.message(FrameType.failure, 1)).flags).toBe(Flag.cancelled);
    expect(worker.logs.filter(({ id }) => id === 1).map(({ message }) => message)).toEqual(['cleaned up']);
  });
});

describe('the start', () => {
  test('runs init with the data of the pool, and what it prints belongs to no task', async () => {
    const worker = await start('busy.js', { initData: { model: 'small' } });
    expect(worker.logs).toEqual([
      { id: 0, level: 'info', message: 'init {"model":"small"} {"slot":4,"workerId":9}', source: 'stdout' },
    ]);
  });

  test('fails with what init throws, which is on stderr as well, and exit code 1', async () => {
    const worker = launch('busy.js');
    await worker.message(FrameType.hello, 0);
    worker.welcome({ fail: true });
    expect((await worker.failure(0)).message).toBe('the model is missing');
    expect(await worker.exit()).toBe(1);
    expect(worker.stderr).toContain('Error: the model is missing');
    expect(worker.frames.some(({ type }) => type === FrameType.ready)).toBe(false);
  });
});

describe('the end', () => {
  test('of the channel lets the tasks finish, runs close and exits with 0, whatever timers are left', async () => {
    const worker = await start('busy.js');
    worker.send(task(1, 'leaveTimer'), task(2, 'timer'), task(3, 'echo', 'last'));
    worker.end();
    expect(await worker.exit()).toBe(0);
    expect(await worker.reply(3)).toBe('last');
    expect(worker.logs.at(-1)).toMatchObject({ id: 0, message: 'closed' });
  });

  test('of the channel before WELCOME is a silent exit with 0', async () => {
    const worker = launch('busy.js');
    await worker.message(FrameType.hello, 0);
    worker.end();
    expect(await worker.exit()).toBe(0);
    expect(worker.stderr).toBe('');
  });

  test('by process.exit() in a handler has the code of the handler', async () => {
    const worker = await start('busy.js');
    worker.send(task(1, 'exit', '37'));
    expect(await worker.exit()).toBe(37);
  });

  test.skipIf(process.platform === 'win32')(
    'by SIGTERM is at once, and SIGINT is not for a worker (needs POSIX)',
    async () => {
      const worker = await start('busy.js');
      worker.child.kill('SIGINT');
      worker.send(task(1, 'echo', 'still here'));
      expect(await worker.reply(1)).toBe('still here');
      worker.child.kill('SIGTERM');
      expect(await worker.exit()).toBe('SIGTERM');
    },
  );

  test('of a pool that nobody told about it is noticed at the next write', async () => {
    const worker = await start('busy.js');
    worker.child.stdio[4]?.destroy();
    worker.send(task(1, 'echo'));
    expect(await worker.exit()).toBe(1);
  });

  test('by damage has code 70 and a line on stderr', async () => {
    const worker = await start('busy.js');
    worker.write(Buffer.from('this is not a frame, and long enough to be known for none\n'));
    expect(await worker.exit()).toBe(70);
    expect(worker.stderr).toContain('damage on the task channel: expected a frame');
  });
});

describe('last words', () => {
  test.each([
    ['lateThrow', 'left behind by a timer'],
    ['lateReject', 'left behind by a promise'],
    ['rejectInside', 'left behind by an async function'],
  ])('of %s name the task that left it behind, not the one that runs', async (handler, message) => {
    const worker = await start('faulty.js');
    worker.send(task(11, handler), task(12, 'hang'));
    const words = JSON.parse((await worker.message(FrameType.lastWords, 11)).text);
    expect(words).toMatchObject({ name: 'Error', message, handler });
    expect(await worker.exit()).toBe(1);
    expect(worker.stderr).toContain(`Error: ${message}`);
    expect(await worker.reply(11)).toBe('fine');
  });

  test('name the task whose timer called process.exit()', async () => {
    const worker = await start('faulty.js');
    worker.send(task(11, 'lateExit'), task(12, 'hang'));
    const words = JSON.parse((await worker.message(FrameType.lastWords, 11)).text);
    expect(words).toMatchObject({ name: 'ProcessExit', message: 'process.exit(4)', handler: 'lateExit' });
    expect(words.stack).toContain('fixtures/faulty.js');
    expect(await worker.exit()).toBe(4);
  });

  test('are not said by a program that catches the exception itself', async () => {
    const worker = await start('faulty.js');
    worker.send(task(1, 'survive'), task(2, 'lateThrow'));
    await worker.until('the catch', () =>
      worker.logs.some(({ message }) => message === 'caught: left behind by a timer'),
    );
    expect(worker.frames.some(({ type }) => type === FrameType.lastWords)).toBe(false);
    worker.end();
    expect(await worker.exit()).toBe(0);
  });
});
