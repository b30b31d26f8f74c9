import type { InputStream } from '@ostler/pool/os';
import { encodeHello, FrameType, frameBytes } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import { type ProgramMaker, type WorkerScript, workerProgram } from '../../src/index.js';
import { inWorlds, Stage } from './stage.js';

type Start = NonNullable<WorkerScript['start']>;
type Init = NonNullable<WorkerScript['init']>;

const about = { name: 'toy', version: '2.1' };

describe('a worker that starts', () => {
  test('is ready on the private channel, whatever comes in whatever portions', () => {
    inWorlds(50, (seed) => {
      const stage = new Stage({}, { seed }).untilReady();
      stage.send(1);
      stage.send(2, new Uint8Array([1, 2, 3]));
      stage.untilReplies(2);
      expect(stage.replies).toEqual(['1: task 1', '2: \u0001\u0002\u0003']);
      expect(stage.worker.pid).toBe(1000);
      expect(stage.worker.hello?.sdk.name).toBe('simulated');
      expect([...stage.worker.capabilities]).toContain('recall');
    });
  });

  test('is ready on stdin and stdout where it knows of nothing else', () => {
    inWorlds(50, (seed) => {
      const stage = new Stage({ channel: 'stdout' }, { seed }).untilReady();
      stage.send(1);
      stage.untilReplies(1);
      expect(stage.replies).toEqual(['1: task 1']);
    });
  });

  test('is ready on a machine without private channels and ledgers', () => {
    const stage = new Stage({}, { os: { hasPrivateChannel: false, hasLedgers: false } }).untilReady();
    stage.send(1);
    stage.untilReplies(1);
    expect(stage.replies).toEqual(['1: task 1']);
  });

  test('learns its slot, its number, the limits, the ledger and the init data', () => {
    let seen: unknown;
    const init: Init = function* (_, data, welcome) {
      yield;
      seen = { ...welcome, key: 0, data: new TextDecoder().decode(data) };
    };
    new Stage(
      { init },
      { options: { initData: new TextEncoder().encode('{"a":1}'), maxBodySize: 5_000 } },
    ).untilReady();
    expect(seen).toEqual({
      version: 1,
      key: 0,
      maxBody: 5_000,
      maxFrame: 262_144,
      slot: 3,
      workerId: 7,
      ledgerSize: 65_536,
      poolName: 'stable',
      concurrency: 1,
      data: '{"a":1}',
    });
  });

  test('gets init data of any size', () => {
    const initData = new TextEncoder().encode(JSON.stringify('x'.repeat(1_000_000)));
    let length = 0;
    const init: Init = function* (_, data) {
      yield;
      length = data.length;
    };
    new Stage({ init }, { options: { initData } }).untilReady();
    expect(length).toBe(initData.length);
  });

  test('is offered no ledger where it can not keep one', () => {
    const stage = new Stage({ hello: { capabilities: [] } }).untilReady();
    stage.worker.signal('SIGKILL');
    expect(stage.untilGone().ledgerStarted).toBeNull();
    expect(stage.os.ledgers.every(({ isOpen }) => !isOpen)).toBe(true);
  });
});

describe('a worker that does not fit', () => {
  test('speaks another version: the error names both sides', () => {
    const stage = new Stage({ hello: { protocol: { min: 2, max: 3 }, sdk: about, runtime: about } });
    expect(stage.untilGone()).toMatchObject({
      phase: 'handshake',
      handshakeError:
        "the worker (toy 2.1 on toy 2.1) speaks versions 2 to 3 of the protocol, the pool 'stable' speaks version 1",
      exit: { pid: 1000, exitCode: null, signal: 'SIGKILL' },
    });
  });

  test('can not run several tasks at once', () => {
    const gone = new Stage({}, { options: { concurrency: 4 } }).untilGone();
    expect(gone.handshakeError).toContain("the pool 'stable' wants 4 tasks at once from a worker");
  });

  test('says a HELLO that makes no sense', () => {
    const start: Start = function* (voice) {
      const body = new TextEncoder().encode('{"protocol":7}');
      voice.raw(frameBytes({ type: FrameType.hello, id: 0, body, key: 0 }));
      yield;
    };
    expect(new Stage({ start }).untilGone().handshakeError).toContain('protocol');
  });

  test('answers a task before it is ready', () => {
    const init: Init = function* (voice) {
      voice.send({ type: FrameType.result, id: 1 });
      yield;
    };
    expect(new Stage({ init }).untilGone()).toMatchObject({
      phase: 'init',
      handshakeError: 'the worker sent a frame of type 17 before READY',
    });
  });
});

describe('a program that is no worker', () => {
  test('is reported with the beginning of what it printed and the end of its complaints', () => {
    inWorlds(30, (seed) => {
      const program = (): ProgramMaker => (host) => ({
        canAct: true,
        reads: false,
        act() {
          host.write('stdout', `usage: tool [FILE]\n${'x'.repeat(10_000)}`);
          host.write('stderr', `${'y'.repeat(10_000)}no such option\n`);
          host.exit(2);
        },
        onInput() {},
        onInputEnd() {},
      });
      const stage = new Stage(program, { seed });
      const gone = stage.untilGone();
      expect(gone).toMatchObject({
        phase: 'handshake',
        exit: { pid: 1000, exitCode: 2, signal: null },
        spawnError: null,
      });
      expect(gone.stdoutHead).toHaveLength(4096);
      expect(gone.stdoutHead).toMatch(/^usage: tool \[FILE\]\nx+$/);
      expect(gone.stderrTail).toHaveLength(4096);
      expect(gone.stderrTail).toMatch(/y+no such option\n$/);
      expect(stage.lines[0]?.line).toBeDefined();
    });
  });

  test('can not be started: the code is kept, and nothing else happens', () => {
    const stage = new Stage(() => 'EAGAIN');
    expect(stage.worker.pid).toBeUndefined();
    const gone = stage.untilGone();
    expect(gone).toMatchObject({ phase: 'spawn', exit: { pid: 0, exitCode: null, signal: null }, ledgerStarted: null });
    expect(gone.spawnError?.code).toBe('EAGAIN');
    expect(stage.calls).toEqual(['onGone']);
    expect(stage.os.ledgers.every(({ isOpen }) => !isOpen)).toBe(true);
  });
});

describe('a worker whose init fails', () => {
  test('is reported with what it threw', () => {
    inWorlds(30, (seed) => {
      const init: Init = function* () {
        yield;
        throw new Error('no model file');
      };
      const stage = new Stage({ init }, { seed });
      const gone = stage.untilGone();
      expect(gone).toMatchObject({ phase: 'init', exit: { exitCode: 1 }, handshakeError: null });
      expect(gone.initError?.message).toBe('no model file');
      expect(stage.ready).toBe(0);
    });
  });

  test('is understood also where it could not read the key', () => {
    inWorlds(30, (seed) => {
      const init: Init = function* (voice) {
        const body = new TextEncoder().encode('{"name":"Error","message":"WELCOME makes no sense"}');
        voice.raw('a line\n');
        voice.raw(frameBytes({ type: FrameType.failure, encoding: 1, id: 0, body, key: 0 }));
        yield;
        voice.host.exit(1);
        yield;
      };
      const stage = new Stage({ init }, { seed });
      expect(stage.untilGone().initError?.message).toBe('WELCOME makes no sense');
      expect(stage.lines.map(({ line }) => line)).toEqual(['a line']);
    });
  });

  test('may die before it says anything', () => {
    const init: Init = function* (voice) {
      yield;
      voice.host.die('SIGSEGV');
    };
    const gone = new Stage({ init }).untilGone();
    expect(gone).toMatchObject({ phase: 'init', exit: { exitCode: null, signal: 'SIGSEGV' }, initError: null });
  });
});

test('a worker on the private channel finds the end of its stdin', () => {
  const ends: string[] = [];
  const program = (): ProgramMaker => (host) => {
    const worker = workerProgram()(host);
    const { onInputEnd } = Object.getPrototypeOf(worker) as typeof worker;
    return Object.assign(worker, {
      onInputEnd(stream: InputStream) {
        ends.push(stream);
        onInputEnd.call(worker, stream);
      },
    });
  };
  const stage = new Stage(program).untilReady();
  stage.os.run();
  expect(ends).toEqual(['stdin']);
});

test('what a worker prints before its HELLO is kept for reports, what follows is not', () => {
  const start: Start = function* (voice) {
    voice.host.write('stdout', 'loading');
    yield;
  };
  const init: Init = function* (voice) {
    voice.host.write('stdout', ' and serving');
    yield;
  };
  inWorlds(30, (seed) => {
    const stage = new Stage({ start, init }, { seed }).untilReady();
    stage.worker.signal('SIGKILL');
    expect('loading').toContain(stage.untilGone().stdoutHead);
    expect(stage.lines.map(({ line }) => line)).toEqual(['loading and serving']);
  });
});

test('a HELLO on stdout is printed text once the private channel was taken', () => {
  const init: Init = function* (voice) {
    const hello = { protocol: { min: 9, max: 9 }, sdk: about, runtime: about, pid: 1, capabilities: [] };
    const body = encodeHello(hello);
    voice.host.write('stdout', frameBytes({ type: FrameType.hello, encoding: 1, id: 0, body, key: 0 }));
    yield;
  };
  const stage = new Stage({ init }).untilReady();
  expect(stage.gone).toBeUndefined();
});
