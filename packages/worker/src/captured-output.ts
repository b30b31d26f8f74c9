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

/** Takes whole lines, as many as were written at once; `task` is the one in whose name they were; none if that has settled. */
export type LineSink = (task: LiveTask | undefined, records: readonly LogRecord[]) => void;

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
    for (; rest.length >= MAX_LINE; rest = rest.slice(MAX_LINE)) lines.push(rest.slice(0, MAX_LINE));
    if (lines.length > 0) this.#send(task, recordsOf(source, lines));
    if (partial !== undefined) partial[source] = rest;
    else if (rest !== '') this.#partial.set(task, { stdout: '', stderr: '', [source]: rest });
  }

  /** Sends the unfinished lines of a task; without one, those of nobody. */
  flush(task: LiveTask | undefined): void {
    const partial = this.#partial.get(task);
    if (partial === undefined) return;
    this.#partial.delete(task);
    for (const source of Object.keys(SOURCES) as Source[]) {
      if (partial[source] !== '') this.#send(task, recordsOf(source, [partial[source]]));
    }
  }

  flushAll(): void {
    for (const task of [...this.#partial.keys()]) this.flush(task);
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

function recordsOf(source: Source, lines: readonly string[]): LogRecord[] {
  const { level } = SOURCES[source];
  return lines.map((line) => ({ level, message: line.endsWith('\r') ? line.slice(0, -1) : line, source }));
}
