import type { Language } from './language.js';
import type { Setup } from './setup.js';

/** How a task ends: `ok`, or its error's code with what is most telling beside it; see `describeEnd`. */
export type End = string;

/** What one bad task (or a broken program) does to a pool, and what must become of that task. */
export interface Fault {
  readonly name: string;
  /** The handler of the fixture `faulty` that the bad task calls; default: a good one. */
  readonly handler?: string;
  /** Of the bad task; a number is that many bytes. */
  readonly body?: string | number;
  /** Of the bad task, in milliseconds. */
  readonly timeout?: number;
  /** A task that comes right behind the bad one and suffers from it; it was granted a retry. */
  readonly victim?: string;
  /** How often the pool warns of a leftover of an earlier task, where there is a victim; default: once. */
  readonly warnings?: (setup: Setup) => number;
  /** The fixture that stands in the place of the worker: for good, so that every task ends like the bad one, or for the first start. */
  readonly program?: { readonly fixture: string; readonly until: 'repaired' | 'ready' };
  readonly end: End | ((setup: Setup) => End);
}

const MEBIBYTE = 1 << 20;
/** Milliseconds; of a task that never ends by itself. */
const TIMEOUT = 300;
const TIMED_OUT = 'ERR_TASK_TIMEOUT (run)';

const byLanguage =
  (ends: Readonly<Record<Language, End>>) =>
  ({ language }: Setup): End =>
    ends[language];

/** Pure Node cannot move its stdin away from a child that inherits it: the child eats what comes for the worker. */
const childEatsFrames = ({ language, transport }: Setup): boolean => language === 'node' && transport === 'stdio';

/** A thread of C++ knows no task: what leaves it ends the process, and the running task is the suspect. */
const knowsWhoseLeftover = ({ language }: Setup): boolean => language !== 'cpp';

/** The rows of the grid. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'throw',
    handler: 'throw',
    end: byLanguage({
      node: 'ERR_TASK_FAILED (RangeError)',
      python: 'ERR_TASK_FAILED (IndexError)',
      cpp: 'ERR_TASK_FAILED (RangeError)',
      dotnet: 'ERR_TASK_FAILED (IndexOutOfRangeException)',
    }),
  },
  { name: 'exit 1', handler: 'exit-1', end: 'ERR_WORKER_CRASHED (exit 1)' },
  { name: 'exit 0', handler: 'exit-0', end: 'ERR_WORKER_CRASHED (exit 0)' },
  { name: 'kill -9', handler: 'kill-self', end: 'ERR_WORKER_CRASHED (SIGKILL)' },
  { name: 'SIGSTOP', handler: 'stop-self', end: 'ERR_WORKER_CRASHED (unresponsive)' },
  { name: 'endless loop', handler: 'hang', timeout: TIMEOUT, end: TIMED_OUT },
  { name: 'endless wait', handler: 'wait', timeout: TIMEOUT, end: TIMED_OUT },
  { name: 'loop that ignores SIGTERM', handler: 'ignore-sigterm', timeout: TIMEOUT, end: TIMED_OUT },
  {
    name: 'out of memory',
    handler: 'leak-memory',
    end: byLanguage({
      node: 'ERR_WORKER_CRASHED (out of memory)',
      python: 'ERR_TASK_FAILED (MemoryError)',
      cpp: 'ERR_TASK_FAILED (std::bad_alloc)',
      dotnet: 'ERR_TASK_FAILED (OutOfMemoryException)',
    }),
  },
  { name: 'prints 10 MiB', handler: 'print-language', end: 'ok' },
  { name: 'prints 10 MiB natively', handler: 'print-native', end: 'ok' },
  { name: 'child prints 10 MiB', handler: 'print-child', end: 'ok' },
  { name: '10 MiB on stderr', handler: 'flood-stderr', end: 'ok' },
  {
    name: 'child reads stdin',
    handler: 'child-reads-stdin',
    timeout: 3_000,
    end: (setup) => (childEatsFrames(setup) ? TIMED_OUT : 'ok'),
  },
  {
    name: 'reply over the limit',
    handler: 'big-reply',
    body: String(65 * MEBIBYTE),
    end: 'ERR_BODY_TOO_LARGE (reply)',
  },
  { name: 'half a frame, then exit', handler: 'half-frame', end: 'ERR_WORKER_CRASHED (exit 0)' },
  { name: '64 KiB of garbage', handler: 'garbage', end: 'ok' },
  { name: 'grandchild holds the pipe', handler: 'fork-holds-pipe', end: 'ERR_WORKER_CRASHED (exit 1)' },
  { name: 'closes its channel', handler: 'close-channel', end: 'ERR_WORKER_CRASHED (unresponsive)' },
  {
    name: 'throws later',
    handler: 'late-throw',
    victim: 'late-throw-victim',
    warnings: (setup) => (knowsWhoseLeftover(setup) ? 1 : 0),
    end: 'ok',
  },
  {
    name: 'never reads',
    program: { fixture: 'never-reads', until: 'ready' },
    body: 8 * MEBIBYTE,
    // The ledger proves that the task had not begun: it goes to the next worker. (In Node and C++ the fixture keeps none.)
    end: ({ language, transport }) =>
      language === 'python' && transport === 'ledger' ? 'ok' : 'ERR_WORKER_CRASHED (unresponsive)',
  },
  {
    name: 'exits at load',
    program: { fixture: 'crash-on-start', until: 'repaired' },
    end: 'ERR_WORKER_START (handshake)',
  },
  {
    name: 'throws in init',
    program: { fixture: 'crash-in-init', until: 'repaired' },
    end: 'ERR_WORKER_START (init)',
  },
  {
    name: 'is no worker',
    program: { fixture: 'not-a-worker', until: 'repaired' },
    end: 'ERR_WORKER_START (handshake)',
  },
];

/** A broken program has no worker that tasks could be sent ahead to. */
export function applies(fault: Fault, setup: Setup): boolean {
  return fault.program === undefined || setup.depth === 'one';
}

/** How the bad task must end. */
export function expectedEnd({ end }: Fault, setup: Setup): End {
  return typeof end === 'string' ? end : end(setup);
}
