import { LineSplitter } from './line-splitter.js';
import { Tail } from './tail.js';

/** Bytes that are kept for reports: the first of stdout, the last of stderr. */
const KEPT = 4096;

export type OutputSource = 'stdout' | 'stderr';

/** What a worker prints: lines for the log, and a little to show when it fails. */
export class WorkerOutput {
  readonly #lines: Record<OutputSource, LineSplitter>;
  #head: Uint8Array | undefined = new Uint8Array(0);
  #headText = '';
  readonly #tail = new Tail(KEPT);

  constructor(onLine: (source: OutputSource, line: string) => void) {
    this.#lines = {
      stdout: new LineSplitter((line) => onLine('stdout', line)),
      stderr: new LineSplitter((line) => onLine('stderr', line)),
    };
  }

  /** The first 4 KiB that it printed to stdout before it turned out to be a worker. */
  get stdoutHead(): string {
    return this.#head === undefined ? this.#headText : decode(this.#head);
  }

  /** The last 4 KiB that it printed to stderr, raw or as lines that its SDK has caught. */
  get stderrTail(): string {
    return this.#tail.text();
  }

  /** `bytes` are not kept; `omitted` more were dropped after them. */
  push(source: OutputSource, bytes: Uint8Array, omitted = 0): void {
    if (source === 'stderr') this.#tail.add(bytes);
    else if (this.#head !== undefined && this.#head.byteLength < KEPT) {
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, KEPT - this.#head.byteLength)]);
    }
    this.#lines[source].push(bytes);
    if (omitted > 0) this.#lines[source].push(Buffer.from(`\n(${omitted} more bytes were dropped)\n`));
  }

  /** A line of stderr that came as a frame: for the report, as for the log it has been seen to. */
  remember(line: string): void {
    this.#tail.add(Buffer.from(`${line}\n`));
  }

  /** It is a worker: what it prints from now on is of no interest but for the log. */
  closeHead(): void {
    this.#headText = this.stdoutHead;
    this.#head = undefined;
  }

  end(): void {
    this.#lines.stdout.end();
    this.#lines.stderr.end();
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
