import type { RemoteError } from '@ostler/protocol';
import type { OsProcess } from '../os/operating-system.js';
import type { OutgoingTask } from './outgoing-task.js';

const NEWLINE = 0x0a;

/** Writes the bodies of tasks to a program's stdin, each as a line. */
export class LineWriter {
  readonly #process: OsProcess;
  #unsentTask = 0;
  #isOpen = true;
  bytesUnsent = 0;

  constructor(process: OsProcess) {
    this.#process = process;
  }

  /** Why a body is no line; undefined where it is one. */
  unfit({ body }: OutgoingTask): RemoteError | undefined {
    const at = typeof body === 'string' ? body.indexOf('\n') : body.indexOf(NEWLINE);
    if (at < 0) return undefined;
    const place = typeof body === 'string' ? `character ${at}` : `byte ${at}`;
    const message = `with protocol 'lines' a body is one line; ${place} of this one is a line feed`;
    return { name: 'NotALineError', message };
  }

  write({ id, body }: OutgoingTask): void {
    if (!this.#isOpen) return;
    const line = Buffer.concat([typeof body === 'string' ? Buffer.from(body) : body, Buffer.of(NEWLINE)]);
    this.#unsentTask = id;
    this.bytesUnsent = line.byteLength;
    this.#process.write('stdin', line, () => {
      this.#unsentTask = 0;
      this.bytesUnsent = 0;
    });
  }

  hasUnsent(id: number): boolean {
    return this.#unsentTask === id;
  }

  end(): void {
    if (this.#isOpen) this.#process.end('stdin');
    this.close();
  }

  /** Nothing more is written. */
  close(): void {
    this.#isOpen = false;
  }
}
