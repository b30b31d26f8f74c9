import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Violation } from '../violation.js';

const NEWLINE = 0x0a;
/** Bytes of output that are kept for a report. */
const KEPT = 4096;

/** A program that knows no frames, with its standard streams in our hands. */
export class PlainProgram {
  readonly #child: ChildProcess;
  readonly #timeout: number;
  readonly #ended: Promise<void>;
  #output: Buffer = Buffer.alloc(0);
  #stderr = '';
  #error: Error | undefined;
  #wake: () => void = () => {};

  constructor([file, ...args]: readonly [string, ...string[]], timeout: number) {
    this.#timeout = timeout;
    this.#child = spawn(file, args, { stdio: 'pipe', detached: process.platform !== 'win32' });
    const { stdin, stdout, stderr } = this.#child;
    stdin?.on('error', () => {}); // it does not read: its answers will tell
    stdout?.on('data', (bytes: Buffer) => {
      this.#output = Buffer.concat([this.#output, bytes]);
      this.#wake();
    });
    stderr?.on('data', (bytes: Buffer) => {
      this.#stderr = (this.#stderr + bytes).slice(-KEPT);
    });
    this.#child.once('error', (error) => {
      this.#error = error;
      this.#wake();
    });
    this.#ended = once(this.#child, 'close').then(
      () => this.#wake(),
      () => this.#wake(),
    );
  }

  /** All whole lines so far. */
  get lines(): number {
    return this.#output.filter((byte) => byte === NEWLINE).length;
  }

  get output(): string {
    return this.#output.toString('latin1');
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#error !== undefined;
  }

  write(bytes: string | Uint8Array): void {
    this.#child.stdin?.write(bytes);
  }

  end(): void {
    this.#child.stdin?.end();
  }

  /** Resolves when the condition holds; a Violation where it does not in time, or never can. */
  async until(expected: string, condition: () => boolean): Promise<void> {
    const tooLate = AbortSignal.timeout(this.#timeout);
    const woken = () => this.#wake();
    tooLate.addEventListener('abort', woken);
    try {
      while (!condition()) {
        if (tooLate.aborted || this.hasEnded) throw new Violation(expected, this.#story(tooLate.aborted));
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      tooLate.removeEventListener('abort', woken);
    }
  }

  /** Resolves with its exit code when it has ended by itself. */
  async exitCode(expected: string): Promise<number | null> {
    await this.until(expected, () => this.hasEnded);
    if (this.#error !== undefined) throw new Violation(expected, this.#error.message);
    await this.#ended; // its output is complete then
    return this.#child.exitCode;
  }

  /** What it is up to, for a report. */
  story(): string {
    return this.#story(false);
  }

  async destroy(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    await this.#ended;
  }

  #story(late: boolean): string {
    if (this.#error !== undefined) return this.#error.message;
    const { exitCode, signalCode } = this.#child;
    const end = this.hasEnded ? `it ended with ${signalCode ?? `exit code ${exitCode}`}` : 'it still runs';
    const time = late ? ` after ${this.#timeout} ms` : '';
    const printed = `${this.lines} lines, ${this.#output.byteLength} bytes in all`;
    const said = this.#stderr.trim() === '' ? '' : `; stderr: ${this.#stderr.trim().split('\n').at(-1)}`;
    return `${printed}; ${end}${time}${said}`;
  }
}
