import type { Readable, Writable } from 'node:stream';
import type { InputStream, OutputStream, ProcessListener } from './operating-system.js';

/** The descriptors of a worker that are pipes of ours. */
const INPUTS: Readonly<Record<InputStream, number>> = { stdin: 0, 'channel-in': 3 };
const OUTPUTS: Readonly<Record<OutputStream, number>> = { stdout: 1, stderr: 2, 'channel-out': 4 };

/** A pipe of a child: Node gives a socket, which reads and writes, and can be made to keep no process alive. */
type Pipe = Readable & Writable & { unref?(): void };

/** Our ends of a worker's pipes, by descriptor; none of them keeps Node alive. */
export class WorkerPipes {
  readonly #pipes: readonly (Pipe | undefined)[];
  readonly #ended = new Set<OutputStream>();

  constructor(stdio: readonly unknown[]) {
    this.#pipes = stdio.slice(0, 5).map((pipe) => (pipe as Pipe | null | undefined) ?? undefined);
    for (const pipe of this.#pipes) tame(pipe);
  }

  /** Tells the listener what comes, from now on. */
  listen(listener: ProcessListener): void {
    for (const name of Object.keys(OUTPUTS) as OutputStream[]) this.#read(name, listener);
    this.#pipes[INPUTS['channel-in']]?.resume();
  }

  /** `onWritten` is called when the system has taken all of the bytes. */
  write(stream: InputStream, bytes: Uint8Array, onWritten: () => void): void {
    const pipe = this.#pipes[INPUTS[stream]];
    if (pipe === undefined || !pipe.writable) return;
    pipe.write(bytes, (error) => {
      if (!error && !pipe.destroyed) onWritten(); // Node calls back without an error where it was destroyed meanwhile
    });
  }

  end(stream: InputStream): void {
    const pipe = this.#pipes[INPUTS[stream]];
    if (pipe?.writable) pipe.end();
  }

  /** Closes them all; nothing more is told. */
  release(): void {
    for (const name of Object.keys(OUTPUTS) as OutputStream[]) this.#ended.add(name);
    for (const pipe of this.#pipes) pipe?.destroy();
  }

  #read(name: OutputStream, listener: ProcessListener): void {
    const pipe = this.#pipes[OUTPUTS[name]];
    if (pipe === undefined) return;
    pipe.on('data', ({ buffer, byteOffset, byteLength }: Buffer) => {
      if (!this.#ended.has(name)) listener.onData(name, new Uint8Array(buffer, byteOffset, byteLength));
    });
    const onEnd = (): void => {
      if (this.#ended.has(name)) return;
      this.#ended.add(name);
      listener.onEnd(name);
    };
    pipe.once('end', onEnd);
    pipe.once('close', onEnd); // an error ends it as well
    // A guard lets go of the pipes before it reports the start: what a short-lived worker closed may have been read to its end by now.
    if (pipe.readableEnded || pipe.destroyed) onEnd();
  }
}

/** An error of a pipe (EPIPE, ECONNRESET) says only that the other side has left, as its end or the exit will. */
function tame(pipe: Pipe | undefined): void {
  pipe?.on('error', () => {});
  pipe?.unref?.();
}
