import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type LaunchOptions, launch } from './launch.js';
import type { LedgerFile } from './ledger-file.js';
import { describeFrame } from './received-frame.js';
import { Violation } from './violation.js';
import { WireLog } from './wire-log.js';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Route {
  readonly wire: WireLog;
  readonly writer: Writable;
}

/** A worker as an operating-system process: its descriptors, its exit, and waiting for what happens on them. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly ledger: LedgerFile | undefined;
  exit: Exit | undefined;
  stdout = '';
  stderr = '';
  /** Whether something else than frames was done to it. */
  protected isTouched = false;
  #route: Route | undefined;
  #closed = false;
  #trouble = '';
  readonly #routes: Route[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #timeout: number;

  constructor(readonly options: LaunchOptions) {
    const { child, ledger } = launch(options);
    this.child = child;
    this.ledger = ledger;
    this.#timeout = options.timeout;
    const [stdin, stdout, stderr, reads, writes] = child.stdio;
    stderr?.on('data', (bytes: Buffer) => this.#note(() => (this.stderr += bytes.toString('latin1'))));
    if (options.transport !== 'stdio') this.#listen(writes as Readable, reads as Writable);
    this.#listen(stdout as Readable, stdin as Writable);
    child.on('error', (error) => this.#note(() => (this.#trouble += `${error.message}; `)));
    child.on('exit', (code, signal) => this.#note(() => (this.exit = { code, signal })));
    child.on('close', () => this.#note(() => (this.#closed = true)));
  }

  /** What came on the channel where HELLO was said. */
  get wire(): WireLog {
    return (this.#route ?? (this.#routes[0] as Route)).wire;
  }

  /** Whether HELLO came on the private descriptors. */
  get isPrivate(): boolean {
    return this.#routes.length === 2 && this.#route === this.#routes[0];
  }

  /** Resolves with the first thing that `look` finds, looking again after each event; a Violation if that never comes. */
  until<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(attempt);
        act();
      };
      const giveUp = (why: string) => settle(() => reject(new Violation(what, `${why}; ${this.#story()}`)));
      const attempt = () => {
        try {
          const found = look();
          if (found !== undefined) settle(() => resolve(found));
          else if (this.#closed) giveUp('the worker is gone');
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const timer = setTimeout(() => giveUp(`nothing of it within ${this.#timeout} ms`), this.#timeout);
      this.#watchers.add(attempt);
      attempt();
    });
  }

  /** Makes every `until` look again: for things that happen outside of the worker's descriptors. */
  readonly poke = (): void => {
    for (const watcher of [...this.#watchers]) watcher();
  };

  /** Any bytes, whether or not they are frames. */
  write(bytes: Uint8Array): void {
    this.isTouched = true;
    this.#writer.write(bytes);
  }

  protected writeFrames(bytes: Uint8Array): void {
    this.#writer.write(bytes);
  }

  /** End of file on the task channel. */
  end(): void {
    this.isTouched = true;
    this.#writer.end();
  }

  /** Closes the descriptor on which replies arrive, so that the worker's next write fails. */
  stopReading(): void {
    this.isTouched = true;
    const { stdio } = this.child;
    (this.isPrivate ? stdio[4] : stdio[1])?.destroy();
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.isTouched = true;
    this.child.kill(signal);
  }

  exited(): Promise<Exit> {
    return this.until('the exit of the worker', () => this.exit);
  }

  /** The exit, after everything that the worker and its children wrote was read. */
  async gone(): Promise<Exit> {
    await this.until('the exit of the worker, and the end of all that it wrote', () => this.#closed || undefined);
    return this.exited();
  }

  /** Ends whatever is left of the worker and its children. */
  async destroy(): Promise<void> {
    const { pid } = this.child;
    if (pid !== undefined) killGroup(pid);
    if (pid !== undefined && this.exit === undefined) await new Promise((resolve) => this.child.once('exit', resolve));
    for (const stream of this.child.stdio) stream?.destroy();
    this.ledger?.close();
  }

  get #writer(): Writable {
    return (this.#route ?? (this.#routes[0] as Route)).writer;
  }

  #listen(reader: Readable, writer: Writable): void {
    const route: Route = { wire: new WireLog(), writer };
    this.#routes.push(route);
    reader.on('data', (bytes: Buffer) => this.#note(() => this.#take(route, bytes)));
    reader.on('end', () => this.#note(() => route.wire.end()));
    reader.on('error', (error) => this.#note(() => (this.#trouble += `reading: ${error.message}; `)));
    writer.on('error', (error) => this.#note(() => (this.#trouble += `writing: ${error.message}; `)));
  }

  /** The conversation goes on where HELLO came; then stdin of a worker with a private channel is closed. */
  #take(route: Route, bytes: Buffer): void {
    if (this.#route !== undefined && this.#route !== route) {
      this.stdout += bytes.toString('latin1');
      return;
    }
    route.wire.push(bytes);
    if (this.#route !== undefined || route.wire.frames.length === 0) return;
    this.#route = route;
    if (!this.isPrivate) return;
    this.stdout = this.#routes.at(-1)?.wire.stray ?? '';
    this.child.stdin?.end();
  }

  #note(change: () => unknown): void {
    change();
    this.poke();
  }

  #story(): string {
    const { frames, damage } = this.wire;
    const stray = this.#routes.map(({ wire }) => wire.stray).join('');
    return [
      `${frames.length} frames came${frames.length > 0 ? `, last: ${frames.slice(-4).map(describeFrame).join(' | ')}` : ''}`,
      stray !== '' && `no frames: ${JSON.stringify(stray.slice(-200))}`,
      damage.length > 0 && `damage: ${damage.join('; ')}`,
      this.exit && `exit ${this.exit.code ?? this.exit.signal}`,
      this.#trouble !== '' && `trouble: ${this.#trouble}`,
      this.stderr !== '' && `stderr: ${JSON.stringify(this.stderr.slice(-400))}`,
    ]
      .filter(Boolean)
      .join('; ');
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
