import type { Frame, Hello, LastWords, RemoteError } from '@ostler/protocol';
import type { LedgerFile, OperatingSystem, OsProcess, OutputStream } from '../os/operating-system.js';
import type { WorkerViolation } from './channel-reader.js';
import type { LogRecord } from './log-record.js';
import type { OutgoingTask } from './outgoing-task.js';
import type { WorkerOptions } from './worker-options.js';
import type { WorkerOutput } from './worker-output.js';

/** What a worker says, whatever it speaks. */
export interface DialogueListener {
  onReady(): void;
  onFrame(frame: Frame): void;
  onLog(taskId: number | null, record: LogRecord): void;
  onLastWords(taskId: number, words: LastWords): void;
  onViolation(violation: WorkerViolation): void;
  /** It sleeps, though it has a task to answer, and can't be asked why. */
  onStall(): void;
  /** It can't work for this pool; `handshake.error` says why. */
  onRefused(): void;
}

export interface DialogueParts {
  readonly id: number;
  readonly slot: number;
  readonly os: OperatingSystem;
  readonly process: OsProcess;
  readonly ledger: LedgerFile | null;
  readonly options: WorkerOptions;
  readonly listener: DialogueListener;
}

/** What goes between the pool and one process, from its start until all that it said has been read. */
export interface Dialogue {
  /** When it said something last, by the clock of the operating system. */
  readonly lastActivity: number;
  /** How far its start has come, and what went wrong there. */
  readonly handshake: {
    readonly phase: 'handshake' | 'init' | 'ready';
    readonly hello: Hello | undefined;
    readonly error: string | null;
    readonly initError: RemoteError | null;
  };
  readonly output: WorkerOutput;
  /** Undefined before anything can be written. */
  readonly writer: { readonly bytesUnsent: number; hasUnsent(id: number): boolean } | undefined;
  /** Whether replies come there, so that its end is the end of the work. */
  isChannel(stream: OutputStream): boolean;
  receive(stream: OutputStream, bytes: Uint8Array): void;
  ended(stream: OutputStream): void;
  send(task: OutgoingTask): void;
  cancel(id: number, flags: number): void;
  credit(id: number, bytes: number): void;
  ping(id: number): void;
  endInput(): void;
  peekLedger(): void;
  /** The process is gone: delivers what it left behind, and returns the task that it began last where it has a ledger. */
  close(exitCode: number | null): number | null;
}
