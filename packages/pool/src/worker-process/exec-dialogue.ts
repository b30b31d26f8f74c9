import { lastLine } from '../errors/one-line.js';
import type { OutputStream } from '../os/operating-system.js';
import type { Dialogue, DialogueParts } from './dialogue.js';
import type { OutgoingTask } from './outgoing-task.js';
import { plainFailure, plainReply } from './plain-reply.js';
import { WorkerOutput } from './worker-output.js';

/** The level `exec`: a process for one task. Its stdout is the reply, and its exit code says whether there is one. */
export class ExecDialogue implements Dialogue {
  lastActivity: number;
  readonly output: WorkerOutput;
  readonly handshake = { phase: 'ready', hello: undefined, error: null, initError: null } as const;
  readonly writer = undefined;
  readonly #parts: DialogueParts;
  #task: OutgoingTask | undefined;
  #reply: Uint8Array[] = [];
  #size = 0;

  constructor(parts: DialogueParts) {
    this.#parts = parts;
    this.lastActivity = parts.os.now();
    this.output = new WorkerOutput((source, line) => {
      parts.listener.onLog(this.#task?.id ?? null, { source, level: 'error', line });
    });
  }

  /** The reply is whole when the process has exited, not before. */
  isChannel(): boolean {
    return false;
  }

  receive(stream: OutputStream, bytes: Uint8Array): void {
    if (stream === 'stderr') this.output.push(stream, bytes);
    else this.#collect(bytes);
  }

  ended(): void {}

  /** `body` is what stdin holds, to its end. */
  send(task: OutgoingTask): void {
    const { process } = this.#parts;
    this.#task = task;
    const input = typeof task.body === 'string' ? Buffer.from(task.body) : task.body;
    if (input.byteLength > 0) process.write('stdin', input, () => {});
    process.end('stdin');
  }

  cancel(): void {}

  credit(): void {}

  ping(): void {}

  endInput(): void {
    this.#parts.process.end('stdin');
  }

  peekLedger(): void {}

  close(exitCode: number | null): null {
    this.output.end();
    const task = this.#task;
    if (task === undefined || exitCode === null) return null;
    const { listener } = this.#parts;
    if (exitCode === 0) listener.onFrame(plainReply(task, Buffer.concat(this.#reply)));
    else listener.onFrame(plainFailure(task.id, this.#exitError(exitCode)));
    return null;
  }

  /** The limit of a reply is known to be passed before it ends, which it may never do: the caller is told, and the pool ends the process. */
  #collect(bytes: Uint8Array): void {
    const { os, options, listener } = this.#parts;
    this.lastActivity = os.now();
    const task = this.#task;
    if (task === undefined) return;
    this.#size += bytes.byteLength;
    if (this.#size <= options.maxBodySize) {
      this.#reply.push(bytes);
      return;
    }
    this.#task = undefined;
    this.#reply = [];
    const limit = options.maxBodySize;
    const message = `the reply has more than ${limit} bytes`;
    listener.onFrame(plainFailure(task.id, { name: 'BodyTooLargeError', message, data: { size: this.#size, limit } }));
  }

  #exitError(exitCode: number): { name: string; message: string; data: { exitCode: number; stderrTail: string } } {
    const { stderrTail } = this.output;
    const said = lastLine(stderrTail);
    const message = `exit code ${exitCode}${said === '' ? '' : `: ${said}`}`;
    return { name: 'ExitCodeError', message, data: { exitCode, stderrTail } };
  }
}
