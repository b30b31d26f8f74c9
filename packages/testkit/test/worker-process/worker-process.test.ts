import { FrameType, frameBytes } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import type { ReceivedTask, WorkerScript, WorkerVoice } from '../../src/index.js';
import { inWorlds, Stage } from './stage.js';

type Handle = NonNullable<WorkerScript['handle']>;
type Init = NonNullable<WorkerScript['init']>;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Behaves as the task's body says. */
const obey: Handle = function* (task, voice) {
  yield;
  const word = text(task.body);
  if (word === 'fail') throw new Error('as you wish');
  if (word === 'exit') voice.host.exit(3);
  else if (word === 'close') voice.closeChannel();
  else if (word === 'half') half(task, voice);
  else voice.reply(task, word);
  yield;
};

function half(task: ReceivedTask, voice: WorkerVoice): void {
  const frame = voice.frame({ type: FrameType.result, id: task.id, body: new Uint8Array(500) });
  voice.raw(frame.subarray(0, 100));
  voice.host.die('SIGKILL');
}

describe('replies', () => {
  test('come whole and in order, from tasks of any number', () => {
    inWorlds(20, (seed) => {
      const stage = new Stage({}, { seed }).untilReady();
      for (let id = 1; id <= 100; id++) stage.send(id, `${id}`.repeat(id));
      stage.untilReplies(100);
      expect(stage.replies).toEqual(Array.from({ length: 100 }, (_, i) => `${i + 1}: ${`${i + 1}`.repeat(i + 1)}`));
      expect(stage.worker.bytesUnsent).toBe(0);
    });
  });

  test('that were on their way when the worker died still count', () => {
    inWorlds(100, (seed) => {
      const handle: Handle = function* (task, voice) {
        yield;
        if (text(task.body) === 'exit') voice.host.exit(1);
        else voice.send({ type: FrameType.result, id: task.id, body: task.body });
        yield;
      };
      const stage = new Stage({ handle }, { seed }).untilReady();
      stage.send(1, 'a');
      stage.send(2, 'b');
      stage.send(3, 'exit');
      stage.send(4, 'c');
      const gone = stage.untilGone();
      expect(stage.replies).toEqual(['1: a', '2: b']);
      expect(gone).toMatchObject({ phase: 'ready', exit: { pid: 1000, exitCode: 1, signal: null }, ledgerStarted: 3 });
      expect(stage.calls.at(-1)).toBe('onGone');
      expect(stage.process.isReleased).toBe(true);
    });
  });

  test('are failures where the handler threw', () => {
    const stage = new Stage({ handle: obey }).untilReady();
    stage.send(1, 'fail');
    stage.untilReplies(1);
    expect(stage.replies).toEqual(['1! as you wish']);
  });

  test('of any size are put together', () => {
    const body = new Uint8Array(1_000_000).map((_, i) => i % 251);
    inWorlds(5, (seed) => {
      const stage = new Stage({}, { seed }).untilReady();
      stage.send(1, body);
      stage.untilReplies(1);
      expect(Buffer.compare(stage.frames[0]?.body as Uint8Array, body)).toBe(0);
    });
  });

  test('over the limit break the protocol before memory is taken for them', () => {
    const handle: Handle = function* (task, voice) {
      yield;
      voice.send({ type: FrameType.result, id: task.id, body: new Uint8Array(400_000) });
    };
    const stage = new Stage({ handle }, { options: { maxBodySize: 300_000 } }).untilReady();
    stage.send(5);
    stage.os.run(() => stage.violations.length > 0);
    expect(stage.violations[0]).toMatchObject({ id: 5, side: 'worker' });
    expect(stage.violations[0]?.message).toContain('400000');
  });
});

describe('the end of a worker', () => {
  test('in the middle of a frame is an exit and no violation', () => {
    inWorlds(30, (seed) => {
      const stage = new Stage({ handle: obey }, { seed }).untilReady();
      stage.send(1, 'half');
      expect(stage.untilGone().exit).toEqual({ pid: 1000, exitCode: null, signal: 'SIGKILL' });
      expect(stage.violations).toEqual([]);
      expect(stage.replies).toEqual([]);
    });
  });

  test('follows end of file, after all tasks that were sent', () => {
    inWorlds(50, (seed) => {
      const stage = new Stage({ handle: obey }, { seed }).untilReady();
      for (let id = 1; id <= 20; id++) stage.send(id, 'x'.repeat(id * 1000));
      stage.worker.endInput();
      expect(stage.untilGone()).toMatchObject({ exit: { exitCode: 0 }, ledgerStarted: 20 });
      expect(stage.replies).toHaveLength(20);
      expect(stage.channelsClosed).toBe(0);
    });
  });

  test('may be asked for before HELLO', () => {
    inWorlds(30, (seed) => {
      const stage = new Stage({}, { seed });
      stage.worker.endInput();
      expect(stage.untilGone().exit.exitCode).toBe(0);
    });
  });

  test('may be asked for before it was started: there is no process then', () => {
    const stage = new Stage({ handle: obey }, { starts: false });
    stage.worker.endInput();
    stage.worker.start();
    expect(stage.calls).toEqual([]);
    expect(stage.untilGone()).toMatchObject({ phase: 'spawn', exit: { pid: 0 }, spawnError: null });
    expect(stage.os.processes).toEqual([]);
  });

  test('is not the end of its channel', () => {
    inWorlds(30, (seed) => {
      const stage = new Stage({ handle: obey }, { seed }).untilReady();
      stage.send(1, 'close');
      stage.os.run(() => stage.channelsClosed > 0);
      expect(stage.gone).toBeUndefined();
      stage.worker.signal('SIGKILL');
      expect(stage.untilGone().exit.signal).toBe('SIGKILL');
      expect(stage.channelsClosed).toBe(1);
    });
  });

  test('comes 100 ms after the exit where somebody else holds the pipes', () => {
    inWorlds(30, (seed) => {
      let exitedAt = 0;
      const handle: Handle = function* (task, voice) {
        voice.host.spawnGrandchild('own');
        voice.send({ type: FrameType.result, id: task.id });
        voice.host.exit(0);
        yield;
      };
      const stage = new Stage({ handle }, { seed }).untilReady();
      stage.send(1);
      stage.os.run(() => stage.calls.includes('onExit'));
      exitedAt = stage.os.now();
      const { drainDeadline } = stage.worker;
      expect(drainDeadline).toBeCloseTo(exitedAt + 100);
      stage.untilGone();
      expect(stage.os.now()).toBeGreaterThanOrEqual(drainDeadline);
      expect(stage.replies).toEqual(['1: ']);
      expect(stage.process.isReleased).toBe(true);
    });
  });

  test('comes at once where it takes its group along', () => {
    const handle: Handle = function* (_, voice) {
      voice.host.spawnGrandchild('group');
      voice.host.exit(0);
      yield;
    };
    const stage = new Stage({ handle }).untilReady();
    stage.send(1);
    const before = stage.os.now();
    stage.untilGone();
    expect(stage.os.now()).toBeLessThan(before + 50);
  });

  test('is told by SIGTERM, and by SIGKILL where SIGTERM is ignored', () => {
    const stage = new Stage({ ignoresSigterm: true }).untilReady();
    stage.worker.signal('SIGTERM');
    expect(stage.os.run(() => stage.gone !== undefined)).toBe(false);
    stage.worker.signal('SIGKILL');
    expect(stage.untilGone().exit.signal).toBe('SIGKILL');
    stage.worker.signal('SIGKILL');
    stage.worker.endInput();
    stage.send(1);
    stage.worker.cancel(1);
    stage.worker.peekLedger();
    expect(stage.os.run(() => false)).toBe(false);
  });

  test('is not seen of a worker that is stopped', () => {
    const handle: Handle = function* (_, voice) {
      voice.host.stop();
      yield;
    };
    const stage = new Stage({ handle }).untilReady();
    stage.send(1);
    expect(stage.os.run(() => stage.gone !== undefined)).toBe(false);
    expect(stage.os.inspect(1000)?.state).toBe('T');
    stage.worker.signal('SIGKILL');
    expect(stage.untilGone().exit.signal).toBe('SIGKILL');
  });
});

describe('what a worker prints', () => {
  const chatty: Handle = function* (task, voice) {
    voice.host.write('stdout', 'to stdout\nand no');
    yield;
    voice.host.write('stdout', ' end');
    voice.host.write('stderr', 'to stderr\r\n');
    voice.log(task, 'by the SDK');
    voice.log(undefined, 'of no task');
    yield;
    voice.reply(task);
  };

  test('is told line by line, with the task where it is known', () => {
    inWorlds(30, (seed) => {
      const stage = new Stage({ handle: chatty }, { seed }).untilReady();
      stage.send(1);
      stage.worker.endInput();
      stage.untilGone();
      expect(stage.lines.filter(({ source }) => source === 'stdout')).toEqual([
        { taskId: 1, source: 'stdout', level: 'info', line: 'to stdout' },
        { taskId: 1, source: 'stdout', level: 'info', line: 'and no end' },
      ]);
      expect(stage.lines).toContainEqual({ taskId: 1, source: 'stderr', level: 'error', line: 'to stderr' });
      expect(stage.lines).toContainEqual({ taskId: 1, source: 'log', level: 'info', line: 'by the SDK' });
      expect(stage.lines).toContainEqual({ taskId: null, source: 'log', level: 'info', line: 'of no task' });
    });
  });

  test('belongs to no task for sure once there were two', () => {
    const stage = new Stage({ handle: chatty }).untilReady();
    stage.send(1);
    stage.send(2);
    stage.worker.endInput();
    stage.untilGone();
    const raw = stage.lines.filter(({ source }) => source !== 'log');
    expect(raw.length).toBeGreaterThan(0);
    expect(raw.every(({ taskId }) => taskId === null)).toBe(true);
    expect(stage.lines).toContainEqual({ taskId: 2, source: 'log', level: 'info', line: 'by the SDK' });
  });

  test('between its frames on stdout becomes lines, and hurts no frame', () => {
    inWorlds(50, (seed) => {
      const handle: Handle = function* (task, voice) {
        voice.raw(`handling ${task.id}\n`);
        yield;
        voice.reply(task, 'done');
      };
      const stage = new Stage({ channel: 'stdout', handle }, { seed }).untilReady();
      for (let id = 1; id <= 5; id++) stage.send(id);
      stage.untilReplies(5);
      expect(stage.replies).toEqual([1, 2, 3, 4, 5].map((id) => `${id}: done`));
      expect(stage.lines.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5].map((id) => `handling ${id}`));
      expect(stage.violations).toEqual([]);
    });
  });

  test('is text also where it looks like a frame, but has not the key', () => {
    const handle: Handle = function* (task, voice) {
      const body = new TextEncoder().encode('{"name":"Error","message":"forged"}');
      voice.raw(frameBytes({ type: FrameType.failure, encoding: 1, id: 0, body, key: 0 }));
      voice.raw('\n');
      yield;
      voice.reply(task, 'done');
    };
    const stage = new Stage({ handle }).untilReady();
    stage.send(1);
    stage.untilReplies(1);
    expect(stage.replies).toEqual(['1: done']);
    expect(stage.lines[0]?.line).toContain('forged');
  });

  test('as its last words names the task that is to blame', () => {
    const init: Init = function* (voice) {
      const body = new TextEncoder().encode('{"name":"Error","message":"a forgotten timer"}');
      voice.send({ type: FrameType.lastWords, encoding: 1, id: 9, body });
      voice.host.exit(1);
      yield;
    };
    const stage = new Stage({ init });
    stage.untilGone();
    expect(stage.lastWords).toEqual([{ taskId: 9, message: 'a forgotten timer' }]);
  });
});

describe('a broken protocol', () => {
  test('is a frame that lost bytes: its task is named', () => {
    inWorlds(30, (seed) => {
      const handle: Handle = function* (task, voice) {
        const frame = voice.frame({ type: FrameType.result, id: task.id, body: new Uint8Array(96).fill(65) });
        voice.raw(Buffer.concat([frame.subarray(0, 60), Buffer.from('printed!'), frame.subarray(60)]));
        yield;
      };
      const stage = new Stage({ handle }, { seed }).untilReady();
      stage.send(4);
      stage.os.run(() => stage.violations.length > 0);
      expect(stage.violations).toHaveLength(1);
      expect(stage.violations[0]).toMatchObject({ id: 4, side: 'worker' });
      expect(stage.violations[0]?.excerpt).toContain('A');
      expect(stage.replies).toEqual([]);
    });
  });

  test('is a second READY, and a failure or a log record that is no JSON', () => {
    const handle: Handle = function* (task, voice) {
      voice.send({ type: FrameType.ready, id: 0 });
      voice.send({ type: FrameType.log, id: task.id, body: new TextEncoder().encode('{') });
      voice.send({ type: 99, id: task.id }); // of a later version
      yield;
    };
    const stage = new Stage({ handle }).untilReady();
    stage.send(1);
    stage.os.run(() => stage.violations.length > 1);
    expect(stage.os.run(() => stage.violations.length > 2)).toBe(false);
    expect(stage.violations.map(({ id }) => id)).toEqual([0, 1]);
  });
});

describe('control', () => {
  test('a question is answered: there are no answers yet', () => {
    const handle: Handle = function* (task, voice) {
      voice.send({ type: FrameType.ask, encoding: 1, id: task.id, body: new TextEncoder().encode('{"question":"?"}') });
      yield* voice.sleep(); // until a frame comes
      voice.reply(task, 'answered');
    };
    const stage = new Stage({ handle }).untilReady();
    stage.send(1);
    stage.untilReplies(1);
    expect(stage.replies).toEqual(['1: answered']);
  });

  test('a PING is answered, with its number', () => {
    const stage = new Stage({}).untilReady();
    stage.worker.ping(77);
    stage.os.run(() => stage.frames.length > 0);
    expect(stage.frames[0]).toMatchObject({ type: FrameType.pong, id: 77 });
  });

  test('a CANCEL reaches the running task, and tasks that wait within the worker', () => {
    inWorlds(30, (seed) => {
      const handle: Handle = function* (_, voice) {
        while (true) yield* voice.sleep();
      };
      const stage = new Stage({ handle }, { seed }).untilReady();
      stage.send(1);
      stage.send(2);
      stage.worker.cancel(2);
      stage.worker.cancel(1);
      stage.untilReplies(2);
      expect(stage.replies.toSorted()).toEqual(['1! cancelled', '2! cancelled']);
    });
  });

  test('a task is asked back only if it has not begun', () => {
    inWorlds(30, (seed) => {
      const handle: Handle = function* (_, voice) {
        while (true) yield* voice.sleep();
      };
      const stage = new Stage({ handle }, { seed }).untilReady();
      stage.send(1);
      stage.os.run(() => false);
      stage.send(2);
      stage.worker.recall(1);
      stage.worker.recall(2);
      stage.untilReplies(1);
      expect(stage.os.run(() => stage.replies.length > 1)).toBe(false);
      expect(stage.replies).toEqual(['2! cancelled']);
      stage.worker.cancel(1);
      stage.untilReplies(2);
      expect(stage.replies[1]).toBe('1! cancelled');
    });
  });

  test('a CANCEL is not sent to a worker that can not cancel', () => {
    const handle: Handle = function* (task, voice) {
      yield;
      voice.reply(task, `${task.cancelled}`);
    };
    const stage = new Stage({ handle, hello: { capabilities: [] } }).untilReady();
    stage.send(1);
    stage.worker.cancel(1);
    stage.untilReplies(1);
    expect(stage.replies).toEqual(['1: false']);
  });

  test('a stream stops without credit and goes on with it', () => {
    inWorlds(10, (seed) => {
      const chunks: Handle = function* (task, voice) {
        for (let i = 0; i < 40; i++) yield* voice.chunk(task, new Uint8Array(10_000));
        voice.end(task);
      };
      const stage = new Stage({ handle: chunks }, { seed }).untilReady();
      stage.send(1, '', { stream: true });
      expect(stage.os.run(() => stage.replies.length > 0)).toBe(false);
      expect(stage.frames).toHaveLength(27);
      stage.worker.credit(1, 200_000);
      stage.untilReplies(1);
      expect(stage.frames).toHaveLength(41);
      expect(stage.replies).toEqual(['1.']);
    });
  });
});
