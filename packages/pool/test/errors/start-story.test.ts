import { describe, expect, test } from 'vitest';
import { WorkerStartError, type WorkerStartFacts } from '../../src/errors.js';

const FACTS: WorkerStartFacts = {
  pool: 'thumbs',
  command: ['python3', 'my main.py'],
  cwd: '/srv',
  phase: 'handshake',
  exit: { pid: 812, exitCode: 1, signal: null },
  stderrTail: '',
  stdoutHead: '',
  timedOut: false,
  spawnError: null,
  handshakeError: null,
  initError: null,
};
const KILLED = { pid: 812, exitCode: null, signal: 'SIGKILL' };
const NO_PROCESS = { pid: 0, exitCode: null, signal: null };
const PLACE = '; command: python3 "my main.py"; cwd: /srv';

const STORIES: [facts: Partial<WorkerStartFacts>, story: string][] = [
  [
    {
      phase: 'spawn',
      exit: NO_PROCESS,
      spawnError: Object.assign(new Error('spawn python3 ENOENT'), { code: 'ENOENT' }),
    },
    'a worker cannot be started: spawn python3 ENOENT (there is no such file or command)',
  ],
  [
    {
      phase: 'spawn',
      exit: NO_PROCESS,
      spawnError: Object.assign(new Error('the working directory /srv does not exist'), { code: 'ENOENT' }),
    },
    'a worker cannot be started: the working directory /srv does not exist',
  ],
  [
    { exit: KILLED, handshakeError: "the worker (x 1 on y 2) speaks version 2, the pool 'thumbs' speaks version 1" },
    "worker pid 812 was refused: the worker (x 1 on y 2) speaks version 2, the pool 'thumbs' speaks version 1",
  ],
  [
    { stderrTail: "python3: can't open file '/srv/my main.py'\n", exit: { ...KILLED, exitCode: 2, signal: null } },
    "worker pid 812 exited with code 2 before its HELLO; its stderr ended with: python3: can't open file '/srv/my main.py'",
  ],
  [
    { exit: { ...KILLED, exitCode: 0, signal: null }, stdoutHead: 'Mon Nov 23\nmore' },
    'pid 812 looks like a plain program, not an Ostler worker: it exited with code 0 before its HELLO; the first line of its output: Mon Nov 23',
  ],
  [
    { exit: { ...KILLED, exitCode: 0, signal: null } },
    'pid 812 looks like a plain program, not an Ostler worker: it exited with code 0 before its HELLO; it printed nothing',
  ],
  [
    { exit: { ...KILLED, exitCode: 2, signal: null }, stderrTail: 'usage: tool [-h] FILE\ntool: error: FILE\n' },
    'pid 812 looks like a plain program, not an Ostler worker: it exited with code 2 before its HELLO; the first line of its output: usage: tool [-h] FILE',
  ],
  [
    { exit: { ...KILLED, exitCode: 1, signal: null }, stdoutHead: 'starting…\n', stderrTail: 'Error: no model\n' },
    'worker pid 812 exited with code 1 before its HELLO; its stderr ended with: Error: no model',
  ],
  [
    { exit: KILLED, timedOut: true },
    'worker pid 812 said no HELLO within startTimeout and was killed; is it an Ostler worker at all?',
  ],
  [
    { exit: KILLED, timedOut: true, stdoutHead: '> ' },
    'pid 812 looks like a plain program, not an Ostler worker: it said no HELLO within startTimeout and was killed; the first line of its output: >',
  ],
  [
    { phase: 'init', initError: { name: 'Error', message: 'no model' } },
    'the init of worker pid 812 failed: Error: no model',
  ],
  [
    { phase: 'init', exit: KILLED, stderrTail: 'loading\n' },
    'worker pid 812 was killed by SIGKILL (kill -9, or the kernel because memory ran out) during its init; its stderr ended with: loading',
  ],
  [{ phase: 'init', exit: KILLED, timedOut: true }, 'worker pid 812 was not ready within startTimeout and was killed'],
];

describe('a worker that did not get ready', () => {
  for (const [facts, story] of STORIES) {
    test(`is told of: ${story}`, () => {
      const error = new WorkerStartError({ ...FACTS, ...facts });
      expect(error.message).toBe(`thumbs: ${story}${PLACE}`);
    });
  }

  test('has its facts in fields, and belongs to no task', () => {
    const spawnError = Object.assign(new Error('spawn python3 ENOENT'), { code: 'ENOENT' });
    const error = new WorkerStartError({ ...FACTS, phase: 'spawn', exit: NO_PROCESS, spawnError });
    expect(error).toMatchObject({
      phase: 'spawn',
      exit: NO_PROCESS,
      stderrTail: '',
      taskId: 0,
      started: false,
      attempt: 0,
    });
    expect(error.cause).toBe(spawnError);
    expect(new WorkerStartError({ ...FACTS, phase: 'ready' }).phase).toBe('init');
  });

  test('is the same error for each task that waited for it', () => {
    const error = new WorkerStartError({ ...FACTS, phase: 'init', initError: { name: 'Error', message: 'no model' } });
    const own = error.forTask({ pool: 'thumbs', handler: 'resize', taskId: 17, started: false, attempt: 1 });
    expect(own).toBeInstanceOf(WorkerStartError);
    expect(own).toMatchObject({ taskId: 17, attempt: 1, phase: 'init', message: error.message, cause: error.cause });
  });

  test('without a cwd was started in ours', () => {
    expect(new WorkerStartError({ ...FACTS, cwd: undefined }).message).toMatch(`; cwd: ${process.cwd()}`);
  });

  test('with a very long command is told with its beginning and its end', () => {
    const { message } = new WorkerStartError({ ...FACTS, command: ['w', 'x'.repeat(10_000), 'file.js'] });
    expect(message.length).toBeLessThan(500);
    expect(message).toMatch(/; command: w x+… x+ file\.js; cwd/);
  });
});
