import { Socket } from 'node:net';
import { constants } from 'node:os';
import type { LinuxBinding } from '../binding.js';
import { guardOptions } from '../guard-limits.js';
import { ReportReader } from '../guard-reports.js';
import type { GuardedCommand, GuardedDescriptor, GuardedListener, GuardedProcess } from '../guarded-command.js';
import { guardsOfOurs } from '../guards-of-ours.js';
import { requireLinux } from '../load.js';
import { asOsControl, errorName } from '../os-control-error.js';

const SOCKET = -1;
const NONE = -2;
const SIGNAL_NAMES = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** A process under a guard that we start by the addon, whose end it tells when the guard's socket closes. */
export class SignalledGuard implements GuardedProcess {
  readonly guardPid: number;
  readonly sockets: readonly (Socket | undefined)[];
  readonly #binding: LinuxBinding;
  readonly #control: Socket;
  readonly #listener: GuardedListener;
  readonly #reports: ReportReader;

  constructor(guardPath: string, { command, listener }: { command: GuardedCommand; listener: GuardedListener }) {
    const { binding } = requireLinux('spawnGuarded');
    this.#binding = binding;
    this.#listener = listener;
    this.#reports = new ReportReader(listener);
    const { descriptors } = command;
    const control = `--control=${descriptors.length}`;
    const args = ['ostler-guard', control, ...guardOptions(command), '--', ...command.command];
    const env = Object.entries(command.env).map(([name, value]) => `${name}=${value}`);
    const wanted = [...descriptors.map(numberOf), SOCKET];
    const { pid, sockets } = asOsControl(() => binding.spawn(guardPath, args, env, wanted));
    this.guardPid = pid;
    guardsOfOurs.add(pid);
    this.#control = new Socket({ fd: sockets.pop() as number });
    this.sockets = sockets.map((fd) => (fd < 0 ? undefined : new Socket({ fd })));
    this.#control.unref();
    this.#control.on('data', (bytes) => this.#reports.take(bytes));
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

  /** The guard is past its last instruction, so that waiting for it takes no time. */
  #onClose(): void {
    const { code, signal } = this.#exitStatus();
    if (!this.#reports.started) {
      this.#reports.failWith(signal > 0 ? `${SIGNAL_NAMES.get(signal)}` : `exit code ${code}`);
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
}

function numberOf(descriptor: GuardedDescriptor): number {
  if (descriptor === 'socket') return SOCKET;
  return descriptor === 'none' ? NONE : descriptor;
}
