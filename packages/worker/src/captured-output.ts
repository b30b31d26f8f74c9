import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { LiveTask, LogRecord } from './live-task.js';
import { taskContext } from './task-context.js';

export type Source = 'stdout' | 'stderr';

const SOURCES: Readonly<Record<Source, { fd: number; level: string }>> = {
  stdout: { fd: 1, level: 'info' },
  stderr: { fd: 2, level: 'error' },
};

/** Characters; a longer line is cut in pieces of this size. */
const MAX_LINE = 65_536;

/** Takes whole lines; `task` is the one in whose name they were written; none if that has settled. */
export type LineSink = (task: LiveTask | undefined, record: LogRecord) => void;

/** Stands in for process.stdout and process.stderr, and hands on what is printed line by line. Natively printed bytes stay on the pipes. */
export class CapturedOutput {
  readonly #send: LineSink;
  /** Starts of lines whose end has not been written yet, per task. */
  readonly #partial = new Map<LiveTask | undefined, Record<Source, string>>();

  constructor(send: LineSink) {
    this.#send = send;
  }

  /** From now on; also for a console that was used before, which keeps the stream that it found then. */
  install(): void {
    for (const source of Object.keys(SOURCES) as Source[]) {
      const stream = this.#stream(source);
      Object.defineProperty(process, source, { configurable: true, enumerable: true, get: () => stream });
      Object.assign(console, { [`_${source}`]: stream });
    }
  }

  write(source: Source, text: string): void {
    const context = taskContext.getStore();
    const task = context?.done ? undefined : context;
    const partial = this.#partial.get(task);
    const lines = ((partial?.[source] ?? '') + text).split('\n');
    let rest = lines.pop() ?? '';
    for (const line of lines) this.#line(task, source, line);
    for (; rest.length >= MAX_LINE; rest = rest.slice(MAX_LINE)) this.#line(task, source, rest.slice(0, MAX_LINE));
    if (partial !== undefined) partial[source] = rest;
    else if (rest !== '') this.#partial.set(task, { stdout: '', stderr: '', [source]: rest });
  }

  /** Sends the unfinished lines of a task; without one, those of nobody. */
  flush(task: LiveTask | undefined): void {
    const partial = this.#partial.get(task);
    if (partial === undefined) return;
    this.#partial.delete(task);
    for (const source of Object.keys(SOURCES) as Source[]) {
      if (partial[source] !== '') this.#line(task, source, partial[source]);
    }
  }

  flushAll(): void {
    for (const task of [...this.#partial.keys()]) this.flush(task);
  }

  #line(task: LiveTask | undefined, source: Source, line: string): void {
    const message = line.endsWith('\r') ? line.slice(0, -1) : line;
    this.#send(task, { level: SOURCES[source].level, message, source });
  }

  #stream(source: Source): Writable {
    const decoder = new StringDecoder('utf8');
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.write(source, decoder.write(chunk));
        done();
      },
    });
    // Child processes that share our output are given the real descriptor by it.
    return Object.assign(stream, { fd: SOURCES[source].fd });
  }
}
