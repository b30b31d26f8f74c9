import type { RemoteError } from '@ostler/protocol';
import type { Exit } from '../exit.js';
import { exitInWords } from './exit-in-words.js';
import { type MemoryEnd, reachedLimit } from './memory-limit.js';
import { firstLine, oneLine } from './one-line.js';
import { workerInWords } from './task-error.js';
import { remoteInWords } from './task-outcome-errors.js';
import { stderrInWords } from './worker-errors.js';

/** How far a start had come: no process, no HELLO, no READY. */
export type StartPhase = 'spawn' | 'handshake' | 'init';

export interface StartStoryFacts {
  command: readonly string[];
  /** Undefined for our own. */
  cwd: string | undefined;
  phase: StartPhase | 'ready';
  exit: Exit;
  stderrTail: string;
  /** Its limit of memory. */
  memory?: MemoryEnd;
  /** What it printed to stdout before its HELLO. */
  stdoutHead: string;
  /** Files have changed, and it was to show whether they make a worker. */
  isTrial?: boolean;
  /** It was killed because `startTimeout` was over. */
  timedOut: boolean;
  /** Why there was no process. */
  spawnError: (Error & { code?: string | undefined }) | null;
  /** Why the pool refused it. */
  handshakeError: string | null;
  /** What its init threw. */
  initError: RemoteError | null;
}

/** Longest command that a message shows, in characters. */
const MAX_COMMAND = 300;
const USAGE = /^\s*(usage|synopsis)\b/im;

const SPAWN_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or command',
  EACCES: 'it is not executable, or a folder on the way to it is closed to us',
  ENOTDIR: 'a part of its path is no folder',
  ENOEXEC: 'the system does not know its format',
  EFTYPE: 'the system does not know its format',
  E2BIG: 'its arguments and environment are too long',
  ENAMETOOLONG: 'its path or its arguments are too long',
  EAGAIN: 'the limit of processes is reached',
  EMFILE: 'our limit of open files is reached',
  ENOMEM: 'memory ran out',
};

/** Why a worker did not get ready, in one line, with its command and working directory. */
export function startStory(facts: StartStoryFacts): string {
  const place = `command: ${commandInWords(facts.command)}; cwd: ${facts.cwd ?? process.cwd()}`;
  const purpose = facts.isTrial ? 'nothing is replaced, as the changed files make no worker: ' : '';
  return `${purpose}${problemOf(facts)}${memoryInWords(facts)}; ${place}`;
}

function memoryInWords(facts: StartStoryFacts): string {
  const reached = reachedLimit(facts);
  return reached === null ? '' : `; it had reached resources.memory (${reached.limit} bytes)`;
}

function problemOf(facts: StartStoryFacts): string {
  const { spawnError, handshakeError, initError, timedOut, phase, exit, stderrTail } = facts;
  const worker = workerInWords(exit.pid);
  if (spawnError !== null) return `a worker cannot be started: ${spawnErrorInWords(spawnError)}`;
  if (handshakeError !== null) return `${worker} was refused: ${oneLine(handshakeError)}`;
  if (initError !== null) return `the init of ${worker} failed: ${remoteInWords(initError)}`;
  if (phase === 'init' || phase === 'ready') {
    const how = timedOut ? 'was not ready within startTimeout and was killed' : `${exitInWords(exit)} during its init`;
    return `${worker} ${how}${stderrInWords(stderrTail)}`;
  }
  return beforeHello(facts, worker);
}

/** It may be no worker at all: then its output says more than its exit. */
function beforeHello(facts: StartStoryFacts, worker: string): string {
  const { timedOut, exit, stderrTail, stdoutHead } = facts;
  const how = timedOut ? 'said no HELLO within startTimeout and was killed' : `${exitInWords(exit)} before its HELLO`;
  if (!isPlainProgram(facts)) {
    const doubt = timedOut ? '; is it an Ostler worker at all?' : '';
    return `${worker} ${how}${doubt}${stderrInWords(stderrTail)}`;
  }
  const output = firstLine(stdoutHead) || firstLine(stderrTail);
  const said = output === '' ? 'it printed nothing' : `the first line of its output: ${output}`;
  return `pid ${exit.pid} looks like a plain program, not an Ostler worker: it ${how}; ${said}`;
}

/** A worker that fails says so by its exit; a plain program is content, prints its results, or explains its usage. */
function isPlainProgram({ timedOut, exit, stderrTail, stdoutHead }: StartStoryFacts): boolean {
  if (timedOut) return stdoutHead.trim() !== '';
  return exit.exitCode === 0 || USAGE.test(stdoutHead) || USAGE.test(stderrTail);
}

function spawnErrorInWords({ message, code }: { message: string; code?: string | undefined }): string {
  const meaning = code === undefined ? undefined : SPAWN_ERRORS[code];
  // Node's own texts are no more than 'spawn FILE CODE'; others say more than the code.
  return meaning !== undefined && message.startsWith('spawn ') ? `${oneLine(message)} (${meaning})` : oneLine(message);
}

function commandInWords(command: readonly string[]): string {
  const words = command.map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : JSON.stringify(word)));
  const all = words.join(' ');
  if (all.length <= MAX_COMMAND) return oneLine(all, MAX_COMMAND);
  const end = MAX_COMMAND / 2; // where a worker's own file stands, behind the flags of its runtime
  return `${oneLine(all, MAX_COMMAND - end)} ${oneLine(all.slice(-end), end)}`;
}
