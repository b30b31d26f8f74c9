import { Socket } from 'node:net';
import { constants } from 'node:os';
import type { LinuxBinding } from './binding.js';
import { type GuardLimits, guardOptions } from './guard-limits.js';
import { guardsOfOurs } from './guards-of-ours.js';
import { requireLinux } from './load.js';
import { asOsControl, errorName, errorNumber, OsControlError } from './os-control-error.js';

/** What a descriptor of the process is to be: a new stream socket, nothing, or a descriptor of ours. */
export type GuardedDescriptor = 'socket' | 'none' | number;

export interface GuardedCommand {
  /** The executable, searched in the PATH of `env`, and its arguments; there is no shell. */
  readonly command: readonly [file: string, ...args: string[]];
  readonly cwd?: string | undefined;
  /** The whole environment: nothing is inherited beside it. */
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
  /** It has ended, and all that it had started. */
  onExit(exitCode: number | null, signal: NodeJS.Signals | null): void;
}

/** A process of which nothing is left when it ends, or when we do: its guard sees to that. */
export interface GuardedProcess {
  readonly guardPid: number;
  /** Our ends of the sockets, by descriptor. Like the guard, they keep Node alive unless they are unreferenced. */
  readonly sockets: readonly (Socket | undefined)[];
  /** Signals the group of the process. */
  signal(signal: NodeJS.Signals): void;
  /** Kills the process and everything below it. */
  kill(): void;
}

const SOCKET = -1;
const NONE = -2;
const SIGNAL_NAMES = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/**
 * Starts a process under a guard (`ostler-guard`), in a session of its own, without the pause that a fork of a large
 * process is. Throws an OsControlError where the addon is absent or the system refuses at once (EAGAIN, EMFILE).
 */
export function spawnGuarded(command: GuardedCommand, listener: GuardedListener): GuardedProcess {
  const { binding, guardPath } = requireLinux('spawnGuarded');
  return new Guarded(binding, guardPath, { command, listener });
}

class Guarded implements GuardedProcess {
  readonly guardPid: number;
  readonly sockets: readonly (Socket | undefined)[];
  readonly #binding: LinuxBinding;
  readonly #control: Socket;
  readonly #listener: GuardedListener;
  #said = '';
  #started = false;
  #failed = false;

  constructor(
    binding: LinuxBinding,
    guardPath: string,
    { command, listener }: { command: GuardedCommand; listener: GuardedListener },
  ) {
    this.#binding = binding;
    this.#listener = listener;
    const { descriptors } = command;
    refuseNul(command);
    const args = [
      'ostler-guard',
      `--control=${descriptors.length}`,
      ...guardOptions(command),
      '--',
      ...command.command,
    ];
    const env = Object.entries(command.env).map(([name, value]) => `${name}=${value}`);
    const wanted = [...descriptors.map(numberOf), SOCKET];
    const { pid, sockets } = asOsControl(() => binding.spawn(guardPath, args, env, wanted));
    this.guardPid = pid;
    guardsOfOurs.add(pid);
    this.#control = new Socket({ fd: sockets.pop() as number });
    this.sockets = sockets.map((fd) => (fd < 0 ? undefined : new Socket({ fd })));
    this.#control.unref();
    this.#control.on('data', (bytes) => this.#onReport(bytes.toString('latin1')));
    this.#control.on('error', () => {}); // a reset says what its end, which follows, says
    this.#control.once('close', () => this.#onClose());
  }

  signal(signal: NodeJS.Signals): void {
    this.#command(`signal ${constants.signals[signal]}`);
  }

  kill(): void {
    this.#command('kill');
  }

  #command(line: string): void {
    if (this.#control.writable) this.#control.write(`${line}\n`);
  }

  #onReport(text: string): void {
    const lines = (this.#said + text).split('\n');
    this.#said = lines.pop() as string;
    for (const line of lines) this.#onLine(line);
  }

  #onLine(line: string): void {
    const [word = '', ...rest] = line.split(' ');
    if (word === 'started') {
      this.#started = true;
      this.#listener.onStarted(Number(rest[0]));
    } else if (word === 'failed') {
      const [syscall = 'unknown', errno = '', ...detail] = rest;
      this.#fail(new OsControlError({ syscall, errno: errorNumber(errno), about: detail.join(' ') || undefined }));
    }
  }

  /** The guard is past its last instruction, so that waiting for it takes no time. */
  #onClose(): void {
    const { code, signal } = this.#exitStatus();
    if (!this.#started) {
      const about = `the guard ended with ${signal > 0 ? SIGNAL_NAMES.get(signal) : `exit code ${code}`}`;
      this.#fail(new OsControlError({ syscall: 'spawnGuarded', errno: constants.errno.EIO, about }));
      return;
    }
    const name = signal > 0 ? ((SIGNAL_NAMES.get(signal) ?? `SIG${signal}`) as NodeJS.Signals) : null;
    this.#listener.onExit(code < 0 ? null : code, name);
  }

  #exitStatus(): { code: number; signal: number } {
    guardsOfOurs.delete(this.guardPid);
    try {
      return this.#binding.waitForExit(this.guardPid);
    } catch (error) {
      if (errorName((error as NodeJS.ErrnoException).errno ?? 0) !== 'ECHILD') throw error;
      return { code: -1, signal: 0 }; // somebody else in this program waits for all children, and has got it
    }
  }

  #fail(error: OsControlError): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#listener.onFailed(error);
  }
}

/** The system would take a text only up to a NUL. */
function refuseNul({ command, cwd = '', env }: GuardedCommand): void {
  const texts = [...command, cwd, ...Object.keys(env), ...Object.values(env)];
  const bad = texts.find((text) => text.includes('\0'));
  if (bad === undefined) return;
  throw new OsControlError({
    syscall: 'spawnGuarded',
    errno: constants.errno.EINVAL,
    about: `${JSON.stringify(bad)} holds a NUL`,
  });
}

function numberOf(descriptor: GuardedDescriptor): number {
  if (descriptor === 'socket') return SOCKET;
  return descriptor === 'none' ? NONE : descriptor;
}
