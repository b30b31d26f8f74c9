import type { OsProcess, ProcessListener, SpawnRequest } from '@ostler/pool/os';
import { SimulatedOs, type SimulatedOsOptions } from '../simulated-os.js';
import { tasksIn } from './task-body.js';

/** What the pool and its processes say to each other, seen from between them. */
export interface OsWitness {
  /** Before the process gets it. */
  sends(pid: number, tasks: readonly number[]): void;
  /** Before the pool is told. */
  kills(pid: number): void;
  exits(pid: number): void;
  channelEnds(pid: number, stream: 'stdout' | 'channel-out'): void;
}

/** A simulated machine with a witness between the pool and its processes. */
export class WatchedOs extends SimulatedOs {
  readonly #witness: OsWitness;

  constructor(options: SimulatedOsOptions, witness: OsWitness) {
    super(options);
    this.#witness = witness;
  }

  override spawn(request: SpawnRequest, listener: ProcessListener): OsProcess {
    const pid = 1000 + this.processes.length;
    const process = super.spawn(request, this.#listening(pid, listener));
    return {
      pid: process.pid,
      write: (stream, bytes, onWritten) => {
        const tasks = tasksIn(bytes);
        if (tasks.length > 0) this.#witness.sends(pid, tasks);
        process.write(stream, bytes, onWritten);
      },
      end: (stream) => process.end(stream),
      kill: (signal) => {
        if (signal === 'SIGKILL') this.#witness.kills(pid);
        process.kill(signal);
      },
      release: () => process.release(),
    };
  }

  #listening(pid: number, listener: ProcessListener): ProcessListener {
    return {
      onStarted: () => listener.onStarted(),
      onSpawnError: (error) => listener.onSpawnError(error),
      onData: (stream, bytes) => listener.onData(stream, bytes),
      onEnd: (stream) => {
        if (stream !== 'stderr') this.#witness.channelEnds(pid, stream);
        listener.onEnd(stream);
      },
      onExit: (exitCode, signal) => {
        this.#witness.exits(pid);
        listener.onExit(exitCode, signal);
      },
    };
  }
}
