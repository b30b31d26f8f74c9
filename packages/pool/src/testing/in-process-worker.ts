import type { ModuleWorker } from '@ostler/worker/in-process';
import { Session, type SessionOwner, type Turn } from '@ostler/worker/in-process';
import type { InputStream, OsProcess, ProcessListener } from '../os/operating-system.js';
import type { PlannedCrash, PlannedFaults } from './planned-faults.js';

const OUTPUTS = ['stdout', 'stderr', 'channel-out'] as const;
/** Exit codes of the SDK. */
const EXIT = { failed: 1, damage: 70 } as const;
const text = new TextEncoder();

export interface InProcessParts {
  readonly pid: number;
  readonly worker: ModuleWorker;
  readonly faults: PlannedFaults;
  readonly listener: ProcessListener;
  /** Calls back in a later turn of the event loop, in the order of the calls. */
  readonly post: (callback: () => void) => void;
  readonly turn: Turn;
}

/** A worker of the SDK in our own process: what it says and hears are the bytes of a real one. */
export class InProcessWorker implements OsProcess {
  readonly pid: number;
  hasExited = false;
  readonly #parts: InProcessParts;
  readonly #session: Session;
  #isReleased = false;

  constructor(parts: InProcessParts) {
    this.#parts = parts;
    this.pid = parts.pid;
    this.#session = new Session({
      handlers: parts.faults.prepare(parts.worker.handlers, this),
      sink: { write: (bytes, length) => this.#say('channel-out', Uint8Array.from(bytes.subarray(0, length))) },
      turn: parts.turn,
      owner: this.#owner(parts.worker.hooks),
    });
    parts.post(() => this.#unlessExited(() => this.#session.greet()));
  }

  write(stream: InputStream, bytes: Uint8Array, onWritten: () => void): void {
    const copy = Uint8Array.from(bytes);
    this.#parts.post(() => {
      if (this.#isReleased) return;
      onWritten();
      if (stream === 'channel-in') this.#unlessExited(() => this.#session.push(copy));
    });
  }

  end(stream: InputStream): void {
    if (stream === 'channel-in') this.#parts.post(() => this.#unlessExited(() => this.#session.end()));
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#parts.post(() => this.#exit(null, signal));
  }

  release(): void {
    this.#isReleased = true;
  }

  crash(crash: PlannedCrash): void {
    if ('signal' in crash) this.#exit(null, crash.signal);
    else this.#exit(crash.exitCode, null);
  }

  #owner(hooks: ModuleWorker['hooks']): SessionOwner {
    return {
      init: (data, info) => hooks.init?.(data, info),
      onStartFailed: () => this.#exit(EXIT.failed, null),
      onFinished: () => {},
      onDrained: (wasReady) => void this.#leave(wasReady ? hooks.close : undefined),
      onDamage: (reason) => {
        this.#say('stderr', text.encode(`damage on the task channel: ${reason}\n`));
        this.#exit(EXIT.damage, null);
      },
    };
  }

  async #leave(close: (() => unknown) | undefined): Promise<void> {
    try {
      await close?.();
      this.#exit(0, null);
    } catch (error) {
      this.#say('stderr', text.encode(`${error instanceof Error ? error.stack : String(error)}\n`));
      this.#exit(EXIT.failed, null);
    }
  }

  #say(stream: 'channel-out' | 'stderr', bytes: Uint8Array): void {
    if (!this.hasExited) this.#tell((listener) => listener.onData(stream, bytes));
  }

  #exit(exitCode: number | null, signal: string | null): void {
    if (this.hasExited) return;
    this.hasExited = true;
    for (const stream of OUTPUTS) this.#tell((listener) => listener.onEnd(stream));
    this.#parts.post(() => this.#parts.listener.onExit(exitCode, signal));
  }

  #tell(event: (listener: ProcessListener) => void): void {
    this.#parts.post(() => {
      if (!this.#isReleased) event(this.#parts.listener);
    });
  }

  #unlessExited(action: () => void): void {
    if (!this.hasExited) action();
  }
}
