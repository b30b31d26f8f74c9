import type { OutputStream, TimerHandle } from '../os/operating-system.js';
import type { Dialogue, DialogueParts } from './dialogue.js';
import { LineReader } from './line-reader.js';
import { LineWriter } from './line-writer.js';
import type { OutgoingTask } from './outgoing-task.js';
import { plainFailure, plainPong, plainReply, unfit } from './plain-reply.js';
import { printable } from './printable.js';
import { WorkerOutput } from './worker-output.js';

/** Milliseconds between two looks at a program that starts: one that slept through them, and used no CPU time, waits for its first line. */
const LOOK_INTERVAL = 10;
/** Milliseconds between two looks at a program that has a line to answer: one that slept through them has answered, and keeps it. */
const STALL_INTERVAL = 1_000;
/** Windows has no state of a process: there, its CPU time must do. */
const UNTOLD = '';
/** Bytes of what it printed that an error quotes. */
const EXCERPT = 64;

/**
 * The level `lines`: one line in, one line out, on stdin and stdout. A line that no task asked for ends the program, as nobody
 * can know which answer belongs to which task any more.
 */
export class LineDialogue implements Dialogue {
  lastActivity: number;
  readonly output: WorkerOutput;
  readonly writer: LineWriter;
  readonly handshake: { phase: 'init' | 'ready'; hello: undefined; error: string | null; initError: null };
  readonly #parts: DialogueParts;
  readonly #reader: LineReader;
  #task: OutgoingTask | undefined;
  #timer: TimerHandle | undefined;
  /** What the system told at the last look; NaN where it told nothing. */
  #cpuMs = Number.NaN;
  #stallTimer: TimerHandle | undefined;
  #stalled: OutgoingTask | undefined;
  #toldOfStall = false;
  #closed = false;

  constructor(parts: DialogueParts) {
    const { os, process, options, listener } = parts;
    this.#parts = parts;
    this.lastActivity = os.now();
    this.handshake = { phase: 'init', hello: undefined, error: null, initError: null };
    this.writer = new LineWriter(process);
    this.#reader = new LineReader(options.maxBodySize);
    this.output = new WorkerOutput((source, line) => {
      listener.onLog(this.#task?.id ?? null, { source, level: 'error', line });
    });
    os.atEndOfTurn(() => this.#look());
  }

  isChannel(stream: OutputStream): boolean {
    return stream === 'stdout';
  }

  receive(stream: OutputStream, bytes: Uint8Array): void {
    if (stream === 'stderr') this.output.push(stream, bytes);
    if (stream !== 'stdout') return;
    this.lastActivity = this.#parts.os.now();
    if (this.handshake.phase !== 'ready') this.#refuse(bytes);
    else if (this.#task === undefined) this.#strayed(0, bytes);
    else this.#answer(this.#task, bytes);
  }

  ended(stream: OutputStream): void {
    if (stream === 'stdout') this.writer.close();
  }

  send(task: OutgoingTask): void {
    const refusal = unfit(task, 'lines') ?? this.writer.unfit(task);
    if (refusal === undefined) {
      this.#task = task;
      this.writer.write(task);
      this.#watchForStall();
      return;
    }
    this.#parts.os.atEndOfTurn(() => {
      if (!this.#closed) this.#parts.listener.onFrame(plainFailure(task.id, refusal));
    });
  }

  cancel(): void {}

  credit(): void {}

  ping(id: number): void {
    this.#parts.os.atEndOfTurn(() => {
      if (!this.#closed) this.#parts.listener.onFrame(plainPong(id));
    });
  }

  endInput(): void {
    this.#stopLooking();
    this.writer.end();
  }

  peekLedger(): void {}

  close(exitCode: number | null): null {
    const task = this.#task;
    const rest = this.#reader.rest;
    // A program that ended well has said all of its last line, though without its end.
    if (task !== undefined && exitCode === 0 && rest !== undefined) this.#reply(task, rest);
    this.#closed = true;
    this.#stopLooking();
    this.writer.close();
    this.output.end();
    return null;
  }

  #answer(task: OutgoingTask, bytes: Uint8Array): void {
    const { line, behind } = this.#reader.push(bytes);
    if (line === undefined) return;
    if (behind.byteLength > 0) {
      this.#strayed(task.id, behind);
    } else if (line.size > line.bytes.byteLength) {
      this.#task = undefined;
      const { maxBodySize: limit } = this.#parts.options;
      const message = `the line has ${line.size} bytes, the limit is ${limit}`;
      const error = { name: 'BodyTooLargeError', message, data: { size: line.size, limit } };
      this.#parts.listener.onFrame(plainFailure(task.id, error));
    } else {
      this.#reply(task, line.bytes);
    }
  }

  #reply(task: OutgoingTask, line: Uint8Array): void {
    this.#task = undefined;
    this.#parts.listener.onFrame(plainReply(task, line));
  }

  #strayed(id: number, bytes: Uint8Array): void {
    const message =
      id === 0
        ? 'it printed although it had no line to answer: it gives more than one line for one, and the reply before may be wrong'
        : 'it printed more than the one line that the task asked for';
    this.#parts.listener.onViolation({
      id,
      side: 'worker',
      offset: 0,
      excerpt: printable(bytes.subarray(0, EXCERPT)),
      message,
    });
  }

  #refuse(bytes: Uint8Array): void {
    if (this.handshake.error !== null) return;
    const said = printable(bytes.subarray(0, EXCERPT));
    this.handshake.error = `with protocol 'lines' a program answers each line with one line; it printed before it was given any: ${said}`;
    this.#parts.listener.onRefused();
  }

  /** It is ready when it sleeps: then it has started, and waits for its first line. */
  #look(): void {
    const { os } = this.#parts;
    if (this.#closed || this.handshake.error !== null || this.handshake.phase === 'ready') return;
    if (this.#hasSlept() || (!os.tellsOfProcesses && Number.isNaN(this.#cpuMs))) {
      this.handshake.phase = 'ready';
      this.#parts.listener.onReady();
      return;
    }
    this.#timer = os.setTimer(() => this.#look(), LOOK_INTERVAL);
  }

  /** Whether it sleeps, and has used no CPU time since the last look. */
  #hasSlept(): boolean {
    const { os, process } = this.#parts;
    const info = process.pid === undefined ? null : os.inspect(process.pid, true);
    const slept = (info?.state === 'S' || info?.state === UNTOLD) && info.cpuMs === this.#cpuMs;
    this.#cpuMs = info?.cpuMs ?? Number.NaN;
    return slept;
  }

  /** Tells once of a program that sleeps over its line: its answer is probably in its own buffer. One timer serves many lines. */
  #watchForStall(): void {
    if (this.#toldOfStall || this.#stallTimer !== undefined) return;
    this.#stallTimer = this.#parts.os.setTimer(() => {
      this.#stallTimer = undefined;
      const task = this.#task;
      if (this.#closed || task === undefined) return;
      if (this.#hasSlept() && task === this.#stalled) {
        this.#toldOfStall = true;
        this.#parts.listener.onStall();
      }
      this.#stalled = task;
      this.#watchForStall();
    }, STALL_INTERVAL);
  }

  #stopLooking(): void {
    for (const timer of [this.#timer, this.#stallTimer]) if (timer !== undefined) this.#parts.os.clearTimer(timer);
    this.#timer = undefined;
    this.#stallTimer = undefined;
  }
}
