import type { RemoteError } from '@ostler/protocol';
import type { MemoryEnd } from '../errors/memory-limit.js';
import type { Exit } from '../exit.js';
import type { SpawnError } from '../os/operating-system.js';

/** How far a worker has come: its process is being made, has not said HELLO, has not said READY, or serves. */
export type WorkerPhase = 'spawn' | 'handshake' | 'init' | 'ready';

/** All that is known about a worker's end. */
export interface WorkerGone {
  /** `pid` is 0 where there was no process. */
  readonly exit: Exit;
  readonly phase: WorkerPhase;
  /** Why there was no process. */
  readonly spawnError: SpawnError | null;
  /** Why the pool refused it; it was killed then. */
  readonly handshakeError: string | null;
  /** What its init threw. */
  readonly initError: RemoteError | null;
  /** The last 4 KiB of its stderr. */
  readonly stderrTail: string;
  /** The first 4 KiB that it printed to stdout before its HELLO; for a program that is no worker, its output. */
  readonly stdoutHead: string;
  /** Its limit of memory. */
  readonly memory: MemoryEnd;
  /** The task that it began last, by its ledger; 0 = none, null = there is no ledger. */
  readonly ledgerStarted: number | null;
}
