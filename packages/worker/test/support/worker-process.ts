import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  decodeRemoteError,
  encodeTaskMetadata,
  encodeValue,
  encodeWelcome,
  type Frame,
  FrameDecoder,
  type FrameInput,
  FrameType,
  frameBytes,
  type RemoteError,
  type TaskMetadata,
} from '@ostler/protocol';

const KEY = 0xc001d00d;
const HOST = createRequire(import.meta.url).resolve('@ostler/worker/host');

export interface SentFrame {
  readonly type: number;
  readonly flags: number;
  readonly encoding: number;
  readonly id: number;
  readonly text: string;
  readonly body: Uint8Array;
}

export interface StartOptions {
  /** Private descriptors, one private descriptor for both directions, or the standard streams. */
  readonly transport?: Transport;
  readonly initData?: unknown;
  readonly concurrency?: number;
  readonly execArgv?: readonly string[];
}

type Transport = 'channel' | 'shared' | 'stdio';
const OFFER: Record<Transport, string> = { channel: '3,4', shared: '3,3', stdio: '' };

type Waiter = () => void;

/** The pool's end of one worker: a process, frames out, frames in. */
export class WorkerProcess {
  readonly frames: SentFrame[] = [];
  readonly damage: string[] = [];
  /** What came on a pipe and was no frame. */
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly #isPrivate: boolean;
  readonly #concurrency: number;
  #key = 0;
  #decoder: FrameDecoder;
  #waiters = new Set<Waiter>();
  #closed = false;

  /** Runs a program (a path), or a module (a URL) by the shipped host. */
  constructor(program: string | URL, { transport = 'channel', concurrency = 1, execArgv = [] }: StartOptions = {}) {
    this.#isPrivate = transport !== 'stdio';
    this.#concurrency = concurrency;
    const channel = this.#isPrivate ? (['pipe', 'pipe'] as const) : [];
    const main = program instanceof URL ? ['--enable-source-maps', HOST, program.href] : [program];
    this.child = spawn(process.execPath, [...execArgv, ...main], {
      env: { ...process.env, OSTLER_CHANNEL: OFFER[transport], OSTLER_LEDGER: '' },
      stdio: ['pipe', 'pipe', 'pipe', ...channel],
    });
    this.#decoder = new FrameDecoder({
      onFrame: (frame) => this.#onFrame(frame),
      onStray: (bytes) => {
        this.stdout += Buffer.from(bytes).toString();
      },
      onDamage: ({ reason }) => this.damage.push(reason),
    });
    const { stdout, stderr } = this.child;
    stderr?.on('data', (bytes) => this.#note(() => (this.stderr += bytes)));
    if (this.#isPrivate) stdout?.on('data', (bytes) => this.#note(() => (this.stdout += bytes)));
    const replies = { channel: this.child.stdio[4], shared: this.child.stdio[3], stdio: stdout }[transport];
    (replies as Readable).on('data', (bytes) => this.#note(() => this.#decoder.push(bytes)));
    for (const stream of this.child.stdio) stream?.on('error', () => {}); // the exit says more
    this.child.on('close', () => this.#note(() => (this.#closed = true)));
  }

  /** Starts a worker and goes through the handshake. */
  static async start(program: string | URL, options: StartOptions = {}): Promise<WorkerProcess> {
    const worker = new WorkerProcess(program, options);
    await worker.message(FrameType.hello, 0);
    worker.welcome(options.initData);
    await worker.message(FrameType.ready, 0);
    return worker;
  }

  welcome(initData?: unknown): void {
    const limits = { maxBody: 1 << 26, maxFrame: 1 << 20, ledgerSize: 0, concurrency: this.#concurrency };
    const metadata = encodeWelcome({ version: 1, key: KEY, slot: 4, workerId: 9, poolName: 'test', ...limits });
    this.send({ type: FrameType.welcome, id: 0, metadata, ...(initData === undefined ? {} : encodeValue(initData)) });
    this.#key = KEY;
    this.#decoder.key = KEY;
    if (this.#isPrivate) this.child.stdin?.end();
  }

  send(...frames: Omit<FrameInput, 'key'>[]): void {
    this.write(Buffer.concat(frames.map((frame) => frameBytes({ ...frame, key: this.#key }))));
  }

  write(bytes: Uint8Array): void {
    this.#input.write(bytes);
  }

  /** End of file on the task channel. */
  end(): void {
    this.#input.end();
  }

  /** The first frame of this type and id; rejects when the worker ends without it. */
  message(type: number, id: number): Promise<SentFrame> {
    return this.#until(`frame ${type} of ${id}`, () =>
      this.frames.find((sent) => sent.type === type && sent.id === id),
    );
  }

  async reply(id: number): Promise<string> {
    return (await this.message(FrameType.result, id)).text;
  }

  async failure(id: number): Promise<RemoteError> {
    return decodeRemoteError((await this.message(FrameType.failure, id)).body);
  }

  /** Resolves when `look` says so, looking again after everything that comes. */
  until(what: string, look: () => boolean): Promise<boolean> {
    return this.#until(what, () => look() || undefined);
  }

  /** The lines that came as LOG frames, with their task ids. */
  get logs(): { id: number; level: string; message: string; source?: string }[] {
    return this.frames
      .filter(({ type }) => type === FrameType.log)
      .map(({ id, text }) => ({ id, ...JSON.parse(text) }));
  }

  /** The exit code or the signal, after all output was read. */
  async exit(): Promise<number | string | null> {
    if (!this.#closed) await once(this.child, 'close');
    return this.child.exitCode ?? this.child.signalCode;
  }

  /** Ends what is left; for afterEach. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    for (const stream of this.child.stdio) stream?.destroy();
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  get #input(): Writable {
    return (this.#isPrivate ? this.child.stdio[3] : this.child.stdin) as Writable;
  }

  #onFrame({ type, flags, encoding, id, body }: Frame): void {
    const copy = body.slice();
    this.frames.push({ type, flags, encoding, id, text: Buffer.from(copy).toString(), body: copy });
  }

  #note(change: () => unknown): void {
    change();
    for (const waiter of [...this.#waiters]) waiter();
  }

  #until<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter = (): void => {
        const found = look();
        if (found === undefined && !this.#closed) return;
        this.#waiters.delete(waiter);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the worker ended without ${what}: ${this.stderr}`));
      };
      this.#waiters.add(waiter);
      waiter();
    });
  }
}

export interface TaskOptions extends Partial<TaskMetadata> {
  readonly flags?: number;
}

export function task(id: number, handler: string, body: string | Uint8Array = '', options: TaskOptions = {}) {
  const { flags = 0, ...fields } = options;
  const metadata = encodeTaskMetadata({ ...fields, handler });
  return { type: FrameType.task, id, flags, body: Buffer.from(body), ...(metadata && { metadata }) };
}

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}
