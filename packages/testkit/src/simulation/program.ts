import type { InputStream, OutputStream } from '@ostler/pool/os';
import type { Random } from './random.js';

/** What a simulated process runs. All of it happens in steps of the world, one at a time. */
export interface Program {
  /** Whether it has something to do beside reading. */
  readonly canAct: boolean;
  act(): void;
  /** Whether it would read now. */
  readonly reads: boolean;
  onInput(stream: InputStream, bytes: Uint8Array): void;
  onInputEnd(stream: InputStream): void;
  /** True where it handles the signal; otherwise it dies of it. */
  onSigterm?(): boolean;
}

/** Thrown by a write that killed its process: nothing of what would have followed happens. */
export class BrokenPipe extends Error {}

/** What a simulated process has of its machine. */
export interface Host {
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** The memory that is shared with the pool; null where it was offered none. */
  readonly ledger: Uint8Array | null;
  readonly random: Random;
  /** Bytes of physical memory that it seems to use. */
  rss: number;
  /** Dies of SIGPIPE, and throws BrokenPipe, where the pipe has been closed. */
  write(stream: OutputStream, bytes: Uint8Array | string): void;
  close(stream: OutputStream): void;
  exit(code: number): void;
  /** Dies of a signal, as by a fault or by the kernel. */
  die(signal: string): void;
  /** Starts another process that holds the outputs: in the worker's group, or in a session of its own that nobody kills. */
  spawnGrandchild(session: 'own' | 'group'): void;
  /** SIGSTOP: it neither reads nor acts any more. */
  stop(): void;
}

export type ProgramMaker = (host: Host) => Program;
