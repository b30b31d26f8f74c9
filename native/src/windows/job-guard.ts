import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { guardOptions } from '../guard-limits.js';
import { ReportReader } from '../guard-reports.js';
import type { GuardedCommand, GuardedDescriptor, GuardedListener, GuardedProcess } from '../guarded-command.js';
import { errorNumber, OsControlError } from '../os-control-error.js';

/** The exit code of what the guard ends by force (guard/windows/guard.c). */
const ENDED_BY_FORCE = 137;
/** SIGBREAK, as Node has it on Windows. */
const BREAK = 'signal 21';

/** A process under a guard that Node starts: on Windows a start takes no longer the larger we are. */
export class JobGuard implements GuardedProcess {
  readonly guardPid: number;
  readonly sockets: readonly (Socket | undefined)[];
  readonly #child: ChildProcess;
  readonly #listener: GuardedListener;
  readonly #reports: ReportReader;
  /** By what we have ended it. */
  #endedBy: NodeJS.Signals | undefined;
  #parts = 2;

  constructor(guardPath: string, { command, listener }: { command: GuardedCommand; listener: GuardedListener }) {
    this.#listener = listener;
    this.#reports = new ReportReader(listener);
    const { descriptors, env } = command;
    const args = [`--control=${descriptors.length}`, ...guardOptions(command), '--', ...command.command];
    const stdio = [...descriptors.map(stdioOf), 'pipe' as const];
    this.#child = started(() => spawn(guardPath, args, { env, stdio, windowsHide: true }));
    this.guardPid = this.#child.pid ?? 0;
    const pipes = this.#child.stdio.slice(0, descriptors.length) as (Socket | null)[];
    this.sockets = pipes.map((pipe) => pipe ?? undefined);
    this.#child.unref();
    this.#child.on('error', (error) => this.#onError(error));
    this.#listen();
  }

  signal(signal: NodeJS.Signals): void {
    if (signal === 'SIGBREAK') this.#command(BREAK);
    else this.#end(signal);
  }

  kill(): void {
    this.#end('SIGKILL');
  }

  get #control(): Socket | undefined {
    return this.#child.stdio.at(-1) as Socket | undefined;
  }

  #listen(): void {
    const control = this.#control;
    control?.unref();
    control?.on('data', (bytes: Uint8Array) => this.#reports.take(bytes));
    control?.on('error', () => {}); // a reset says what its end, which follows, says
    // What the guard has reported may be read after its exit.
    control?.once('close', () => this.#onPart());
    this.#child.once('exit', () => this.#onPart());
  }

  #end(signal: NodeJS.Signals): void {
    this.#endedBy ??= signal;
    this.#command('kill');
  }

  #command(line: string): void {
    if (this.#control?.writable) this.#control.write(`${line}\n`);
  }

  #onPart(): void {
    if (--this.#parts > 0 || this.guardPid === 0) return;
    const { exitCode, signalCode } = this.#child;
    if (!this.#reports.started) this.#reports.failWith(signalCode ?? `exit code ${exitCode}`);
    else if (exitCode === ENDED_BY_FORCE && this.#endedBy !== undefined) this.#listener.onExit(null, this.#endedBy);
    else this.#listener.onExit(exitCode, signalCode);
  }

  /** The guard itself could not be started. */
  #onError(error: Error): void {
    if (this.guardPid !== 0) return; // a write to one that has just ended
    this.#reports.fail(spawnError(error));
  }
}

/** Node throws at once what it takes for a mistake of its caller, such as arguments that are too long. */
function started(start: () => ChildProcess): ChildProcess {
  try {
    return start();
  } catch (error) {
    throw spawnError(error as Error);
  }
}

function spawnError({ code = 'EIO', message }: NodeJS.ErrnoException): OsControlError {
  const errno = Number.isInteger(errorNumber(code)) ? errorNumber(code) : constants.errno.EIO;
  return new OsControlError({ syscall: 'spawnGuarded', errno, about: message });
}

function stdioOf(descriptor: GuardedDescriptor): 'pipe' | 'ignore' | number {
  if (descriptor === 'socket') return 'pipe';
  return descriptor === 'none' ? 'ignore' : descriptor;
}
