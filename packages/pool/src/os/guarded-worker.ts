import { type GuardedProcess, OsControlError, spawnGuarded } from '@ostler/native';
import type { InputStream, OsProcess, ProcessListener, SpawnRequest } from './operating-system.js';
import { guardError } from './spawn-error.js';
import { WorkerPipes } from './worker-pipes.js';

/** A process under a guard, which sees to it that nothing of it is left; the start does not pause a large parent. */
export class GuardedWorker implements OsProcess {
  pid: number | undefined;
  readonly #guarded: GuardedProcess | undefined;
  readonly #pipes: WorkerPipes | undefined;

  constructor(request: SpawnRequest, listener: ProcessListener) {
    const { command, cwd, env, channel, ledger, limits } = request;
    const pipe = channel ? 'socket' : 'none';
    const descriptors = ['socket', 'socket', 'socket', pipe, pipe, ledger?.fd ?? 'none'] as const;
    try {
      this.#guarded = spawnGuarded(
        { command, cwd, env, descriptors, limits },
        {
          onStarted: (pid) => {
            this.pid = pid;
            listener.onStarted();
            this.#pipes?.listen(listener);
          },
          onFailed: (error) => listener.onSpawnError(guardError(error, request)),
          onExit: (exitCode, signal) => listener.onExit(exitCode, signal),
        },
      );
      this.#pipes = new WorkerPipes(this.#guarded.sockets);
    } catch (error) {
      if (!(error instanceof OsControlError)) throw error;
      process.nextTick(() => listener.onSpawnError(guardError(error, request)));
    }
  }

  write(stream: InputStream, bytes: Uint8Array, onWritten: () => void): void {
    this.#pipes?.write(stream, bytes, onWritten);
  }

  end(stream: InputStream): void {
    this.#pipes?.end(stream);
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (signal === 'SIGKILL') this.#guarded?.kill();
    else this.#guarded?.signal(signal);
  }

  release(): void {
    this.#pipes?.release();
  }
}
