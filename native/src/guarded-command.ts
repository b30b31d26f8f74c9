import type { Socket } from 'node:net';
import { constants } from 'node:os';
import type { GuardLimits } from './guard-limits.js';
import { OsControlError } from './os-control-error.js';

/** What a descriptor of the process is to be: a new stream socket (on Windows, a pipe), nothing, or a descriptor of ours. */
export type GuardedDescriptor = 'socket' | 'none' | number;

export interface GuardedCommand {
  /** The executable, searched in the PATH of `env`, and its arguments; there is no shell. */
  readonly command: readonly [file: string, ...args: string[]];
  readonly cwd?: string | undefined;
  /** The whole environment: nothing is inherited beside it, but what Windows itself can't do without. */
  readonly env: Readonly<Record<string, string>>;
  /** From descriptor 0 on. */
  readonly descriptors: readonly GuardedDescriptor[];
  /** Applied before its first instruction; all of them, or it is not started. */
  readonly limits?: GuardLimits | undefined;
}

/** What becomes of a guarded process; nothing is called before `spawnGuarded` has returned. */
export interface GuardedListener {
  /** The program runs, under a pid of its own. */
  onStarted(pid: number): void;
  /** It could not be started, or a limit could not be set; nothing else follows. */
  onFailed(error: OsControlError): void;
  /** It has ended, and all that it had started. On Windows, an exit code is all 32 bits of an NTSTATUS. */
  onExit(exitCode: number | null, signal: NodeJS.Signals | null): void;
}

/** A process of which nothing is left when it ends, or when we do: its guard sees to that. */
export interface GuardedProcess {
  /** 0 where there is no guard, which `onFailed` will say. */
  readonly guardPid: number;
  /** Our ends of the sockets, by descriptor. They keep Node alive unless they are unreferenced. */
  readonly sockets: readonly (Socket | undefined)[];
  /**
   * Signals the group of the process. Windows has no signals: SIGBREAK is asked of a program that shares the guard's console, and any other
   * is an end by force, of which `onExit` tells as of that signal.
   */
  signal(signal: NodeJS.Signals): void;
  /** Kills the process and everything below it. */
  kill(): void;
}

/** The system would take a text only up to a NUL. */
export function refuseNul({ command, cwd = '', env }: GuardedCommand): void {
  const texts = [...command, cwd, ...Object.keys(env), ...Object.values(env)];
  const bad = texts.find((text) => text.includes('\0'));
  if (bad === undefined) return;
  throw new OsControlError({
    syscall: 'spawnGuarded',
    errno: constants.errno.EINVAL,
    about: `${JSON.stringify(bad)} holds a NUL`,
  });
}
