import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { forgetOnExit, killOnExit, signalGroup } from './exit-hook.js';
import type {
  InputStream,
  OsProcess,
  OutputStream,
  ProcessListener,
  SpawnError,
  SpawnRequest,
} from './operating-system.js';
import { startChild } from './start-child.js';

/** Where Node keeps our ends of a child's pipes. */
const INPUTS: Readonly<Record<InputStream, number>> = { stdin: 0, 'channel-in': 3 };
const OUTPUTS: Readonly<Record<OutputStream, number>> = { stdout: 1, stderr: 2, 'channel-out': 4 };

/** A pipe of a child: Node gives a socket, which reads and writes, and can be made to keep no process alive. */
type Pipe = Readable & Writable & { unref?(): void };

/** A real process, started by execa. */
export class NodeProcess implements OsProcess {
  readonly pid: number | undefined;
  readonly #listener: ProcessListener;
  readonly #child: ChildProcess | undefined;
  readonly #ended = new Set<OutputStream>();
  #exited = false;

  constructor(request: SpawnRequest, listener: ProcessListener) {
    this.#listener = listener;
    const child = startChild(request, (error) => this.#onError(error));
    this.pid = child?.pid;
    if (child?.pid === undefined) return;
    this.#child = child;
    killOnExit(child.pid);
    child.unref();
    child.once('exit', (exitCode, signal) => this.#onExit(exitCode, signal));
    for (const index of [0, 1, 2, 3, 4]) this.#tame(this.#pipe(index));
    for (const name of ['stdout', 'stderr', 'channel-out'] as const) this.#read(name);
    this.#pipe(INPUTS['channel-in'])?.resume();
  }

  write(stream: InputStream, bytes: Uint8Array, onWritten: () => void): void {
    const pipe = this.#pipe(INPUTS[stream]);
    if (pipe === undefined || !pipe.writable) return;
    pipe.write(bytes, (error) => {
      if (!error && !pipe.destroyed) onWritten(); // Node calls back without an error where it was destroyed meanwhile
    });
  }

  end(stream: InputStream): void {
    const pipe = this.#pipe(INPUTS[stream]);
    if (pipe?.writable) pipe.end();
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.pid !== undefined && !this.#exited) signalGroup(this.pid, signal);
  }

  release(): void {
    for (const name of Object.keys(OUTPUTS) as OutputStream[]) this.#ended.add(name);
    for (const index of [0, 1, 2, 3, 4]) this.#pipe(index)?.destroy();
  }

  #pipe(index: number): Pipe | undefined {
    return (this.#child?.stdio[index] as Pipe | null | undefined) ?? undefined;
  }

  /** An error of a pipe (EPIPE, ECONNRESET) says only that the other side has left, as its end or the exit will. */
  #tame(pipe: Pipe | undefined): void {
    pipe?.on('error', () => {});
    pipe?.unref?.();
  }

  #read(name: OutputStream): void {
    const pipe = this.#pipe(OUTPUTS[name]);
    if (pipe === undefined) return;
    pipe.on('data', ({ buffer, byteOffset, byteLength }: Buffer) => {
      if (!this.#ended.has(name)) this.#listener.onData(name, new Uint8Array(buffer, byteOffset, byteLength));
    });
    const onEnd = (): void => {
      if (this.#ended.has(name)) return;
      this.#ended.add(name);
      this.#listener.onEnd(name);
    };
    pipe.once('end', onEnd);
    pipe.once('close', onEnd); // an error ends it as well
  }

  #onExit(exitCode: number | null, signal: string | null): void {
    const pid = this.pid as number;
    forgetOnExit(pid);
    // Until the last of the group has gone, the system keeps its number from being given to another one.
    if (process.platform !== 'win32') signalGroup(pid, 'SIGKILL');
    this.#exited = true;
    this.#listener.onExit(exitCode, signal);
  }

  #onError(error: SpawnError): void {
    if (this.#child === undefined) this.#listener.onSpawnError(error);
  }
}
