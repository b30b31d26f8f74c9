import { setPriority } from 'node:os';
import { ENDED_BY_FORCE, endTree } from './end-tree.js';
import { forgetOnExit, killOnExit, signalGroup } from './exit-hook.js';
import type { InputStream, OsProcess, ProcessListener, SpawnError, SpawnRequest } from './operating-system.js';
import { startChild } from './start-child.js';
import { WorkerPipes } from './worker-pipes.js';

const WINDOWS = process.platform === 'win32';

type Signal = 'SIGTERM' | 'SIGKILL';

/** A process started by execa, or by Node on Windows: what there is where the addon is not. */
export class NodeProcess implements OsProcess {
  readonly pid: number | undefined;
  readonly #listener: ProcessListener;
  readonly #pipes: WorkerPipes | undefined;
  /** By what we have ended it. */
  #endedBy: Signal | undefined;
  #exited = false;

  constructor(request: SpawnRequest, listener: ProcessListener) {
    this.#listener = listener;
    const child = startChild(request, (error) => this.#onError(error));
    this.pid = child?.pid;
    if (child?.pid === undefined) return;
    killOnExit(child.pid);
    if (request.limits?.nice !== undefined) setPriority(child.pid, request.limits.nice);
    child.unref();
    child.once('exit', (exitCode, signal) => this.#onExit(exitCode, signal));
    this.#pipes = new WorkerPipes(child.stdio);
    this.#pipes.listen(listener);
  }

  write(stream: InputStream, bytes: Uint8Array, onWritten: () => void): void {
    this.#pipes?.write(stream, bytes, onWritten);
  }

  end(stream: InputStream): void {
    this.#pipes?.end(stream);
  }

  kill(signal: Signal): void {
    if (this.pid === undefined || this.#exited) return;
    if (WINDOWS) this.#endByForce(this.pid, signal);
    else signalGroup(this.pid, signal);
  }

  release(): void {
    this.#pipes?.release();
  }

  /** Until we have heard of its exit, the system gives its number to no other process. */
  #endByForce(pid: number, signal: Signal): void {
    this.#endedBy = signal;
    endTree(pid, () => {
      if (!this.#exited) signalGroup(pid, signal);
    });
  }

  #onExit(exitCode: number | null, signal: string | null): void {
    const pid = this.pid as number;
    forgetOnExit(pid);
    // Until the last of the group has gone, the system keeps its number from being given to another one.
    if (!WINDOWS) signalGroup(pid, 'SIGKILL');
    this.#exited = true;
    if (exitCode === ENDED_BY_FORCE && this.#endedBy !== undefined) this.#listener.onExit(null, this.#endedBy);
    else this.#listener.onExit(exitCode, signal);
  }

  #onError(error: SpawnError): void {
    if (this.#pipes === undefined) this.#listener.onSpawnError(error);
  }
}
