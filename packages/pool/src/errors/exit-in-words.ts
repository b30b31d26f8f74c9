import type { Exit } from '../exit.js';
import { ntStatusInWords } from './nt-status.js';

/** What a signal usually means. */
const SIGNALS: Readonly<Record<string, string>> = {
  SIGABRT: 'it ended itself: a failed assertion, or its runtime gave up',
  SIGBUS: 'memory that is not there: a truncated mapped file, or a full /dev/shm',
  SIGFPE: 'an arithmetic error, such as a division by zero',
  SIGHUP: 'its terminal went away',
  SIGILL: 'an instruction that this CPU does not have, or its runtime gave up',
  SIGINT: 'Ctrl-C',
  SIGKILL: 'kill -9, or the kernel because memory ran out',
  SIGPIPE: 'it wrote to a pipe that nobody reads',
  SIGQUIT: 'Ctrl-\\',
  SIGSEGV: 'an access to memory that is not its own, usually a bug in native code',
  SIGSYS: 'a system call that its sandbox forbids',
  SIGTERM: 'somebody asked it to end',
  SIGTRAP: 'a breakpoint, or its runtime gave up',
  SIGXCPU: 'its limit of CPU time',
  SIGXFSZ: 'its limit of file size',
};

/** Signals by number, as far as shells and containers report them as 128 + number; the same on every Linux. */
const SIGNAL_NUMBERS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
};

const EXIT_CODES: Readonly<Record<number, string>> = {
  9: 'for Node: a flag that it does not know',
  70: 'it read damaged bytes on its task channel',
  126: 'for a shell: the command is not executable',
  127: 'for a shell: no such command',
};

const SHELL_SIGNAL_BASE = 128;

/** "exited with code 3" or "was killed by SIGKILL", with what that usually means. */
export function exitInWords({ exitCode, signal }: Exit): string {
  if (signal !== null) return `was killed by ${signal}${inBrackets(SIGNALS[signal])}`;
  if (exitCode === null) return 'is gone, the system does not say how';
  return `exited with code ${exitCode}${inBrackets(meaningOf(exitCode))}`;
}

/** The signal that ended a process, also where a shell around it reports it as 128 + number; null for none. */
export function signalOf({ exitCode, signal }: Exit): string | null {
  if (signal !== null || exitCode === null) return signal;
  return SIGNAL_NUMBERS[exitCode - SHELL_SIGNAL_BASE] ?? null;
}

function meaningOf(exitCode: number): string | undefined {
  const status = ntStatusInWords(exitCode);
  if (status !== undefined) return status;
  const signal = SIGNAL_NUMBERS[exitCode - SHELL_SIGNAL_BASE];
  return signal === undefined ? EXIT_CODES[exitCode] : `128 + the number of ${signal}: ${SIGNALS[signal]}`;
}

function inBrackets(text: string | undefined): string {
  return text === undefined ? '' : ` (${text})`;
}
