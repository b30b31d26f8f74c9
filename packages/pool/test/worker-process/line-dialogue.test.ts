import { type Frame, FrameType } from '@ostler/protocol';
import { expect, test } from 'vitest';
import type { OperatingSystem, OsProcess } from '../../src/os/operating-system.js';
import type { DialogueListener } from '../../src/worker-process/dialogue.js';
import { LineDialogue } from '../../src/worker-process/line-dialogue.js';
import type { WorkerOptions } from '../../src/worker-process/worker-options.js';

/** A dialogue with a program that waits for its first line, and the frames that it stands for. */
function begin({
  states = ['S', 'S'],
  cpuTimes = [],
  tells = true,
}: {
  states?: string[];
  cpuTimes?: (number | null)[];
  tells?: boolean;
} = {}) {
  const turn: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const frames: Frame[] = [];
  let isReady = false;
  let stalls = 0;
  const os = {
    tellsOfProcesses: tells,
    now: () => 0,
    atEndOfTurn: (callback: () => void) => turn.push(callback),
    setTimer: (callback: () => void) => {
      timers.push(callback);
      return {};
    },
    clearTimer: () => {},
    inspect: () => {
      const cpuMs = cpuTimes.length > 0 ? (cpuTimes.shift() as number | null) : 10;
      return cpuMs === null ? null : { state: states.shift() ?? 'S', cpuMs, rss: 0 };
    },
  };
  const listener = {
    onReady: () => {
      isReady = true;
    },
    onStall: () => {
      stalls++;
    },
    onFrame: (frame: Frame) => frames.push({ ...frame, body: Uint8Array.from(frame.body) }),
  };
  const dialogue = new LineDialogue({
    id: 1,
    slot: 0,
    os: os as unknown as OperatingSystem,
    process: { pid: 7, write: () => {}, end: () => {} } as unknown as OsProcess,
    ledger: null,
    options: { maxBodySize: 100 } as WorkerOptions,
    listener: listener as unknown as DialogueListener,
  });
  const settle = () => {
    for (let next = turn.shift(); next !== undefined; next = turn.shift()) next();
  };
  settle();
  return { dialogue, frames, timers, settle, ready: () => isReady, stalls: () => stalls };
}

const task = { id: 3, handler: 'default', body: 'x', encoding: 0, metadata: undefined, stream: false };
const bytes = (text: string) => new TextEncoder().encode(text);

test('a program is ready once it has slept between two looks', () => {
  const { timers, ready } = begin({ states: ['R', 'S', 'S'] });
  expect(ready()).toBe(false);
  timers.shift()?.();
  expect(ready()).toBe(true);
});

test('a program of which only the CPU time is told is ready once it has used none between two looks', () => {
  const { timers, ready } = begin({ tells: false, states: ['', '', ''], cpuTimes: [10, 20, 20] });
  timers.shift()?.();
  expect(ready()).toBe(false);
  timers.shift()?.();
  expect(ready()).toBe(true);
});

test('a program of which nothing is told is ready at once', () => {
  expect(begin({ tells: false, cpuTimes: [null] }).ready()).toBe(true);
});

test('a program that knows no PING is not taken for one that is dead', () => {
  const { dialogue, frames, settle } = begin();
  dialogue.ping(9);
  settle();
  expect(frames).toMatchObject([{ type: FrameType.pong, id: 9 }]);
});

test('a line may come in any pieces', () => {
  const { dialogue, frames, timers } = begin();
  timers.shift()?.();
  dialogue.send(task);
  for (const piece of ['o', 'n', 'e']) dialogue.receive('stdout', bytes(piece));
  expect(frames).toEqual([]);
  dialogue.receive('stdout', bytes('\n'));
  expect(frames).toMatchObject([{ type: FrameType.result, id: 3, body: bytes('one') }]);
});

test.each([
  [0, [{ type: FrameType.result, id: 3, body: bytes('half') }]],
  [1, []],
  [null, []],
])('a last line without its end counts where the program ended well (exit code %s)', (exitCode, expected) => {
  const { dialogue, frames, timers } = begin();
  timers.shift()?.();
  dialogue.send(task);
  dialogue.receive('stdout', bytes('half'));
  dialogue.close(exitCode);
  expect(frames).toMatchObject(expected);
});

test('a program that sleeps over one line is told of once; one that has answered is not', () => {
  const { dialogue, timers, stalls } = begin();
  timers.shift()?.();
  dialogue.send(task);
  timers.shift()?.();
  dialogue.receive('stdout', bytes('one\n'));
  dialogue.send({ ...task, id: 4 });
  timers.shift()?.();
  expect(stalls()).toBe(0);
  timers.shift()?.();
  timers.shift()?.();
  expect(stalls()).toBe(1);
  expect(timers).toEqual([]);
});

test('a program that works on its line is left in peace', () => {
  const { dialogue, timers, stalls } = begin({ states: ['S', 'S', 'R', 'R', 'R'] });
  timers.shift()?.();
  dialogue.send(task);
  for (let look = 0; look < 3; look++) timers.shift()?.();
  expect(stalls()).toBe(0);
});
