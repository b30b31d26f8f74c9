import type { GuardLimits } from '@ostler/native';
import type { Limiter, LimitName, Limits, MissingLimit } from './limits.js';

/** A one-shot timer that has been set; only the system that gave it knows what it is. */
export type TimerHandle = object;

/** The pipes of a worker. The pool writes `stdin` and `channel-in` and reads the other three. */
export type InputStream = 'stdin' | 'channel-in';
export type OutputStream = 'stdout' | 'stderr' | 'channel-out';

/** What went wrong with a start, with the system's own code (ENOENT, EACCES, EAGAIN, …). */
export type SpawnError = Error & { code?: string | undefined };

/** What to start, and with which extras. */
export interface SpawnRequest {
  /** The executable and its arguments; there is no shell. */
  readonly command: readonly [file: string, ...args: string[]];
  readonly cwd: string | undefined;
  /** The whole environment: nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the private pipes `channel-in` (descriptor 3) and `channel-out` (descriptor 4) are wanted. */
  readonly channel: boolean;
  /** Handed to the process as descriptor 5. */
  readonly ledger: LedgerFile | null;
  /** Applied before its first instruction, or it is not started. */
  readonly limits?: GuardLimits | undefined;
}

/** What a process does. Nothing is called before `spawn` has returned; each event comes alone, never within a call. */
export interface ProcessListener {
  /** Its pid is known now; comes before all else where `spawn` returned without one. */
  onStarted(): void;
  /** It could not be started; nothing else follows. */
  onSpawnError(error: SpawnError): void;
  /** `bytes` may be kept, nobody else writes to them. */
  onData(stream: OutputStream, bytes: Uint8Array): void;
  /** End of file, once for each output; it may come before or after the exit. */
  onEnd(stream: OutputStream): void;
  onExit(exitCode: number | null, signal: string | null): void;
}

/** A process and our ends of its pipes. Neither keeps Node alive. Calls after its end do nothing. */
export interface OsProcess {
  /** Undefined until it runs, which `onStarted` says, and where it could not be started. */
  readonly pid: number | undefined;
  /** `bytes` must not change before `onWritten`, which says that the system has taken them all; it never comes for a dead pipe. */
  write(stream: InputStream, bytes: Uint8Array, onWritten: () => void): void;
  /** End of file, after what was written. */
  end(stream: InputStream): void;
  /** SIGTERM goes to its process group, SIGKILL to everything below it, as far as the system lets us find that. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Closes our ends of all pipes; of their events none will follow. */
  release(): void;
}

/** What the system says of a live process. */
export interface ProcessInfo {
  /** R runs, S sleeps, D waits for a device, T is stopped, t is traced, Z has exited; '' on Windows, which does not tell. */
  readonly state: string;
  /** CPU time of all its threads, user and system. */
  readonly cpuMs: number;
  /** Physical memory, in bytes. */
  readonly rss: number;
}

/** Told of files that change; nothing is told within a call. */
export interface FileListener {
  onChange(path: string): void;
  /** Some of them can't be watched. */
  onError(error: Error): void;
}

/** Files that are being watched. */
export interface FileWatching {
  close(): void;
}

/** A file in memory that has no name and is shared with one worker. */
export interface LedgerFile {
  readonly fd: number;
  readonly size: number;
  /** Reads into `target` from `position` on; returns how many bytes there were. */
  read(target: Uint8Array, position: number): number;
  close(): void;
}

/** All that the pool knows of the machine, so that a simulated one can take its place. */
export interface OperatingSystem {
  /** The time at which `now()` was 0, in Unix milliseconds. */
  readonly timeOrigin: number;
  /** Whether processes can be given private pipes beside the standard three. */
  readonly hasPrivateChannel: boolean;
  /** The compiled addon of @ostler/native, where it can be loaded. */
  readonly addonPath: string | undefined;
  /** Unix milliseconds by the clock on the wall, which may be set. */
  wallTime(): number;
  /** Monotonic milliseconds, with fractions. */
  now(): number;
  /** Calls once after `delay` milliseconds (at most 2^31-1), and after all that the pipes hold has been told. A timer never keeps Node alive. */
  setTimer(callback: () => void, delay: number): TimerHandle;
  clearTimer(timer: TimerHandle): void;
  /** Calls once when the running event has been handled, before any other is. */
  atEndOfTurn(callback: () => void): void;
  /** An unpredictable unsigned 32-bit number other than 0. */
  randomKey(): number;
  /** Starts a process in a session and group of its own; what is left of the group when it exits is killed. */
  spawn(request: SpawnRequest, listener: ProcessListener): OsProcess;
  /** Whether `inspect` tells of every process that is there. */
  readonly tellsOfProcesses: boolean;
  /** Null for a process that is gone, and where the system does not tell. With `everyThread`, its state is R if any of its threads can run. */
  inspect(pid: number, everyThread?: boolean): ProcessInfo | null;
  /** The most bytes of physical memory that a process ever had; null where the system does not tell. */
  peakMemory(pid: number): number | null;
  /** Bytes of physical memory that only this process uses; null where the system does not tell. Takes milliseconds. */
  privateMemory(pid: number): number | null;
  /** Null where the machine has no file system in memory, or no room in it. */
  createLedger(size: number): LedgerFile | null;
  /** Tells of changes of files, and of folders with all below them; it does not keep Node alive. */
  watchFiles(paths: readonly string[], listener: FileListener): FileWatching;
  /** Those of the limits that can't be enforced here, found by a trial. */
  missingLimits(limits: Limits): ReadonlyMap<LimitName, MissingLimit>;
  /** For a pool whose workers will ever be held by these kinds of limits. */
  createLimiter(pool: string, kinds: ReadonlySet<LimitName>): Limiter;
}
