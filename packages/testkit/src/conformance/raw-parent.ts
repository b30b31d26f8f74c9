import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import {
  decodeHello,
  decodeRemoteError,
  decodeValue,
  Encoding,
  encodeWelcome,
  FrameType,
  frameBytes,
  type Hello,
  PROTOCOL_VERSION,
  type RemoteError,
  splitBody,
  type Welcome,
} from '@ostler/protocol';
import { type LaunchOptions, launch } from './launch.js';
import type { LedgerFile } from './ledger-file.js';
import { control, type Outgoing } from './messages.js';
import { describeFrame, isTerminal, type ReceivedFrame } from './received-frame.js';
import { toHex, Violation } from './violation.js';
import { WireLog } from './wire-log.js';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface WelcomeOptions extends Partial<Welcome> {
  readonly initData?: unknown;
}

interface Route {
  readonly wire: WireLog;
  readonly writer: Writable;
}

/** What the suite says in WELCOME unless a check says otherwise. The key has its highest bit set on purpose. */
export const SETTINGS: Welcome = {
  version: PROTOCOL_VERSION,
  key: 0xc0def00d,
  maxBody: 1 << 20,
  maxFrame: 1 << 16,
  slot: 3,
  workerId: 41,
  ledgerSize: 0,
  poolName: 'conformance',
  concurrency: 1,
};

/** The parent of one worker, reduced to bytes out and frames in: it judges SDKs, so it shares no code with the pool. */
export class RawParent {
  readonly child: ChildProcess;
  readonly ledger: LedgerFile | undefined;
  /** TASK frames sent, per id. */
  readonly tasksSent = new Map<number, number>();
  exit: Exit | undefined;
  key = 0;
  maxFrame = SETTINGS.maxFrame;
  stdout = '';
  stderr = '';
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

  // -- sending

  /** The bytes of frames with this conversation's key, large bodies in pieces. */
  encode(...frames: readonly Outgoing[]): Uint8Array {
    for (const { type, id } of frames) {
      if (type === FrameType.task) this.tasksSent.set(id, (this.tasksSent.get(id) ?? 0) + 1);
    }
    const pieces = frames.flatMap((frame) => [...splitBody({ ...frame, key: this.key }, this.maxFrame)]);
    return Buffer.concat(pieces.map(frameBytes));
  }

  /** Sends frames in one write. */
  send(...frames: readonly Outgoing[]): void {
    this.write(this.encode(...frames));
  }

  write(bytes: Uint8Array): void {
    this.#writer.write(bytes);
  }

  /** End of file on the task channel. */
  end(): void {
    this.#writer.end();
  }

  /** Closes the descriptor on which replies arrive, so that the worker's next write fails. */
  stopReading(): void {
    const { stdio } = this.child;
    (this.isPrivate ? stdio[4] : stdio[1])?.destroy();
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }

  // -- the handshake

  async hello(): Promise<Hello> {
    const frame = await this.until('HELLO', () => this.#routes.flatMap(({ wire }) => wire.messages)[0]);
    if (frame.type !== FrameType.hello) throw new Violation('HELLO as the first frame', describeFrame(frame));
    return decodeHello(frame.body);
  }

  welcome({ initData, ...fields }: WelcomeOptions = {}): void {
    const settings = { ...SETTINGS, ledgerSize: this.ledger?.size ?? 0, ...fields };
    const body = initData === undefined ? {} : { encoding: Encoding.json, body: jsonBytes(initData) };
    this.maxFrame = settings.maxFrame;
    this.send({ type: FrameType.welcome, id: 0, metadata: encodeWelcome(settings), ...body });
    this.key = settings.key;
    this.wire.agree(settings.key, settings.maxFrame);
  }

  async ready(): Promise<void> {
    const isAnswer = ({ type, id }: ReceivedFrame) =>
      type === FrameType.ready || (type === FrameType.failure && id === 0);
    const frame = await this.until('READY', () => this.wire.messages.find(isAnswer));
    if (frame.type !== FrameType.ready) throw new Violation('READY', describeFrame(frame));
  }

  // -- receiving

  /** The messages about one task, in order. */
  about(id: number): readonly ReceivedFrame[] {
    return this.wire.messages.filter((frame) => frame.id === id && frame.type >= FrameType.task);
  }

  /** The first message of a task that has this type. */
  message(type: number, id: number): Promise<ReceivedFrame> {
    const what = `a frame of type ${type} with id ${id}`;
    return this.until(what, () => this.wire.messages.find((frame) => frame.type === type && frame.id === id));
  }

  /** The `nth` terminal frame of a task id. */
  settled(id: number, nth = 1): Promise<ReceivedFrame> {
    return this.until(`a terminal frame of task ${id}`, () => this.about(id).filter(isTerminal)[nth - 1]);
  }

  async result(id: number): Promise<ReceivedFrame> {
    const frame = await this.settled(id);
    if (frame.type !== FrameType.result) throw new Violation(`RESULT of task ${id}`, describeFrame(frame));
    return frame;
  }

  /** The value that a task gave back. */
  async value(id: number): Promise<unknown> {
    const { encoding, body } = await this.result(id);
    return decodeValue(encoding, body);
  }

  async failure(id: number): Promise<RemoteError & { readonly flags: number }> {
    const frame = await this.settled(id);
    if (frame.type !== FrameType.failure) throw new Violation(`FAILURE of task ${id}`, describeFrame(frame));
    return { ...decodeRemoteError(frame.body), flags: frame.flags };
  }

  /** PING and its PONG: all that the worker wrote before is here afterwards. */
  async ping(number: number): Promise<void> {
    this.send(control(FrameType.ping, number));
    await this.message(FrameType.pong, number);
  }

  exited(): Promise<Exit> {
    return this.until('the exit of the worker', () => this.exit);
  }

  /** The exit, after everything that the worker and its children wrote was read. */
  async gone(): Promise<Exit> {
    await this.until('the exit of the worker, and the end of all that it wrote', () => this.#closed || undefined);
    return this.exited();
  }

  /** All lines of output that are no frames, and what came as LOG. */
  output(): string {
    const logs = this.wire.messages.filter(({ type }) => type === FrameType.log);
    return [this.stdout, this.wire.stray, this.stderr, ...logs.map(({ body }) => Buffer.from(body).toString())].join(
      '\n',
    );
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
    if (this.isPrivate) this.child.stdin?.end();
  }

  #note(change: () => unknown): void {
    change();
    this.poke();
  }

  #story(): string {
    const { frames, stray, damage } = this.wire;
    const bytes = this.wire.bytes();
    return [
      `${frames.length} frames came${frames.length > 0 ? `, last: ${frames.slice(-4).map(describeFrame).join(' | ')}` : ''}`,
      bytes.length > 0 && `last bytes on the channel: ${toHex(bytes.subarray(-64), 64)}`,
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

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
