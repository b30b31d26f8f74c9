import { OsControlError } from '@ostler/native';
import { Flag, type Frame, type Hello, type LastWords } from '@ostler/protocol';
import type { HeldUsage, Limits, WorkerHold } from '../os/limits.js';
import type {
  LedgerFile,
  OperatingSystem,
  OsProcess,
  OutputStream,
  ProcessListener,
  SpawnError,
} from '../os/operating-system.js';
import type { WorkerViolation } from './channel-reader.js';
import { Conversation } from './conversation.js';
import type { Dialogue, DialogueListener, DialogueParts } from './dialogue.js';
import { workerEnvironment } from './environment.js';
import { LineDialogue } from './line-dialogue.js';
import type { LogSource } from './log-record.js';
import type { OutgoingTask } from './outgoing-task.js';
import { WorkerDrain } from './worker-drain.js';
import type { WorkerGone, WorkerPhase } from './worker-gone.js';
import { WorkerHolding } from './worker-holding.js';
import type { WorkerOptions } from './worker-options.js';

export type { WorkerViolation } from './channel-reader.js';
export type { LogSource } from './log-record.js';
export type { OutgoingTask } from './outgoing-task.js';
export type { WorkerGone, WorkerPhase } from './worker-gone.js';
export type { WorkerOptions } from './worker-options.js';

/** Bytes of the ledger that a worker is offered. */
const LEDGER_SIZE = 65_536;
const NO_CAPABILITIES: ReadonlySet<string> = new Set();

/** What a worker does. Nothing is called within a call of its methods, `peekLedger` and `onDeadline` excepted. */
export interface WorkerProcessListener {
  /** Its process runs. */
  onStarted(worker: WorkerProcess): void;
  /** It is warm and waits for tasks. */
  onReady(worker: WorkerProcess): void;
  /** RESULT, FAILURE, END, CHUNK, PROGRESS or PONG with its whole body; the views are valid during the call. */
  onFrame(worker: WorkerProcess, frame: Frame): void;
  /** A line that it logged or printed; `taskId` is null where its task is not known for sure. */
  onLog(worker: WorkerProcess, taskId: number | null, ...line: [source: LogSource, level: string, line: string]): void;
  /** It is about to die of an error that the task threw, or left behind (0 = unknown). */
  onLastWords(worker: WorkerProcess, taskId: number, words: LastWords): void;
  /** It broke the protocol; it is still there. */
  onViolation(worker: WorkerProcess, violation: WorkerViolation): void;
  /** It sleeps over a line, whose answer it probably holds back. */
  onStall(worker: WorkerProcess): void;
  /** End of file on its channel, unasked, while its process lives. */
  onChannelClosed(worker: WorkerProcess): void;
  /** Its process has exited while somebody holds its pipes: `onDeadline` is to be called at `drainDeadline`. */
  onExit(worker: WorkerProcess): void;
  /** The end, once, after all that it had said. */
  onGone(worker: WorkerProcess, gone: WorkerGone): void;
}

export interface WorkerProcessParts {
  /** Never used again for another worker. */
  readonly id: number;
  readonly slot: number;
  readonly os: OperatingSystem;
  readonly options: WorkerOptions;
  readonly listener: WorkerProcessListener;
  /** Makes what holds it; an OsControlError is a failed start. */
  readonly createHold: () => WorkerHold;
}

/** One worker: a process, its pipes and the conversation with it, from the spawn until all that it said has been read. */
export class WorkerProcess {
  readonly id: number;
  readonly slot: number;
  /** By the clock of the operating system, in milliseconds. */
  spawnedAt: number;
  capabilities = NO_CAPABILITIES;
  protected readonly parts: WorkerProcessParts;
  readonly #drain = new WorkerDrain();
  readonly #holding = new WorkerHolding();
  #process: OsProcess | undefined;
  #ledger: LedgerFile | null = null;
  #conversation: Dialogue | undefined;
  #exit: { exitCode: number | null; signal: string | null } | undefined;
  #leaving = false;
  #gone = false;

  constructor(parts: WorkerProcessParts) {
    this.id = parts.id;
    this.slot = parts.slot;
    this.parts = parts;
    this.spawnedAt = parts.os.now();
  }

  /** Undefined where there is no process yet, or never was. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get phase(): WorkerPhase {
    return this.#conversation?.handshake.phase ?? 'spawn';
  }

  /** What it said of itself. */
  get hello(): Hello | undefined {
    return this.#conversation?.handshake.hello;
  }

  /** Bytes for it that the system has not taken yet. */
  get bytesUnsent(): number {
    return this.#conversation?.writer?.bytesUnsent ?? 0;
  }

  /** Undefined where nothing holds it yet. */
  get limits(): Limits | undefined {
    return this.#gone ? undefined : this.#holding.limits;
  }

  /** Bytes above which the pool is to kill it; undefined where there is no such limit, or the system sees to it. */
  get watchedMemory(): number | undefined {
    return this.#holding.watchedMemory;
  }

  /** What it and all that it started use; null where the system does not count that. */
  usage(): HeldUsage | null {
    return this.#holding.usage();
  }

  /** When reading its pipes ends, whatever they say: `Infinity` while its process lives. */
  get drainDeadline(): number {
    return this.#drain.deadline;
  }

  /** When its channel said something last, by the clock of the operating system. */
  get lastActivity(): number {
    return this.#conversation?.lastActivity ?? this.spawnedAt;
  }

  /** Starts the process. What comes of it, a failure too, is told to the listener later. */
  start(): void {
    const { os, createHold } = this.parts;
    if (this.#leaving) {
      os.atEndOfTurn(() => this.#finish(null));
      return;
    }
    try {
      this.#holding.begin(createHold());
    } catch (error) {
      if (!(error instanceof OsControlError)) throw error;
      os.atEndOfTurn(() => this.#finish(error));
      return;
    }
    this.#spawn();
  }

  #spawn(): void {
    const { os, options, id, slot } = this.parts;
    const { cwd } = options;
    const command = this.command();
    const channel = this.#hasPrivateChannel;
    const ledger = channel ? os.createLedger(LEDGER_SIZE) : null;
    const env = workerEnvironment(options, { id, slot }, { channel, ledger: ledger !== null, addon: os.addonPath });
    const held = { env: this.#holding.environment(env, command), limits: this.#holding.guard };
    this.spawnedAt = os.now();
    const process = os.spawn({ command, cwd, channel, ledger, ...held }, this.#events());
    this.#ledger = ledger;
    this.#process = process;
    if (process.pid !== undefined) this.#onStarted();
  }

  send(task: OutgoingTask): void {
    this.#conversation?.send(task);
  }

  /** Its terminal frame will still come, whether or not the worker can cancel. */
  cancel(id: number): void {
    this.#conversation?.cancel(id, 0);
  }

  /** Asks for a task back that was sent ahead: it comes back as not started, unless the worker has begun it. */
  recall(id: number): void {
    this.#conversation?.cancel(id, Flag.notStarted);
  }

  /** The worker may send so many more bytes of chunks. */
  credit(id: number, bytes: number): void {
    this.#conversation?.credit(id, bytes);
  }

  /** Its PONG brings the number back. */
  ping(number: number): void {
    this.#conversation?.ping(number);
  }

  /** End of file: it finishes what it has, then leaves. */
  endInput(): void {
    this.#leaving = true;
    this.#conversation?.endInput();
  }

  /** Signals its whole process group, where there is one. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#leaving = true;
    this.#process?.kill(signal);
  }

  /** Replaces its limits, as soon as it runs; an OsControlError of @ostler/native where the system refuses. */
  applyLimits(limits: Limits): void {
    const alive = this.pid !== undefined && this.#exit === undefined && !this.#gone;
    if (alive) this.#holding.apply(this.pid as number, limits);
  }

  /** It uses so many bytes, which is more than it may. */
  killForMemory(used: number): void {
    this.#holding.tooMuchMemory(used);
    this.signal('SIGKILL');
  }

  /** Delivers replies that it holds back behind a long task, as far as it has a ledger. */
  peekLedger(): void {
    this.#conversation?.peekLedger();
  }

  /** Whether the system has not yet taken the whole of a task. */
  hasUnsent(id: number): boolean {
    return this.#conversation?.writer?.hasUnsent(id) ?? false;
  }

  /** The time has come to `drainDeadline`, of which there may be a second one. */
  onDeadline(now: number): void {
    if (this.#drain.isOver(now)) this.#finish(null);
  }

  #events(): ProcessListener {
    return {
      onStarted: () => this.#onStarted(),
      onSpawnError: (error) => this.#finish(error),
      onData: (stream, bytes) => this.#conversation?.receive(stream, bytes),
      onEnd: (stream) => this.#onEnd(stream),
      onExit: (exitCode, signal) => this.#onExit(exitCode, signal),
    };
  }

  /** What is run; asked for when it is started. */
  protected command(): WorkerOptions['command'] {
    return this.parts.options.command;
  }

  /** Begins to talk with the process, in what its program speaks. */
  protected converse(parts: DialogueParts): Dialogue {
    return this.parts.options.protocol === 'lines' ? new LineDialogue(parts) : new Conversation(parts);
  }

  get #hasPrivateChannel(): boolean {
    return this.parts.os.hasPrivateChannel && this.parts.options.protocol === 'frames';
  }

  #listener(): DialogueListener {
    const { listener } = this.parts;
    return {
      onReady: () => {
        this.capabilities = new Set(this.hello?.capabilities);
        listener.onReady(this);
      },
      onFrame: (frame) => listener.onFrame(this, frame),
      onLog: (taskId, { source, level, line }) => listener.onLog(this, taskId, source, level, line),
      onLastWords: (taskId, words) => listener.onLastWords(this, taskId, words),
      onViolation: (violation) => listener.onViolation(this, violation),
      onStall: () => listener.onStall(this),
      onRefused: () => this.signal('SIGKILL'),
    };
  }

  #onStarted(): void {
    this.#drain.open(this.#hasPrivateChannel ? ['stdout', 'stderr', 'channel-out'] : ['stdout', 'stderr']);
    const process = this.#process as OsProcess;
    this.#conversation = this.converse({ ...this.parts, process, ledger: this.#ledger, listener: this.#listener() });
    if (this.#leaving) this.#conversation.endInput();
    this.parts.listener.onStarted(this);
  }

  #onEnd(stream: OutputStream): void {
    const closed = this.#conversation?.isChannel(stream) === true;
    this.#conversation?.ended(stream);
    this.#drain.ended(stream);
    if (this.#exit !== undefined) this.#finishIfDrained();
    else if (closed && !this.#leaving) this.parts.listener.onChannelClosed(this);
  }

  #onExit(exitCode: number | null, signal: string | null): void {
    this.#exit = { exitCode, signal };
    this.#drain.begin(this.parts.os.now());
    this.#finishIfDrained();
    if (!this.#gone) this.parts.listener.onExit(this);
  }

  #finishIfDrained(): void {
    if (this.#drain.isDry) this.#finish(null);
  }

  #finish(spawnError: SpawnError | null): void {
    if (this.#gone) return;
    this.#gone = true;
    const conversation = this.#conversation;
    const ledgerStarted = conversation?.close(this.#exit?.exitCode ?? null) ?? null;
    this.#process?.release();
    this.#ledger?.close();
    const memory = this.#holding.end();
    this.#drain.close();
    this.parts.listener.onGone(this, {
      exit: { pid: this.pid ?? 0, exitCode: null, signal: null, ...this.#exit },
      phase: this.phase,
      spawnError,
      handshakeError: conversation?.handshake.error ?? null,
      initError: conversation?.handshake.initError ?? null,
      stderrTail: conversation?.output.stderrTail ?? '',
      stdoutHead: conversation?.output.stdoutHead ?? '',
      ledgerStarted,
      memory,
    });
  }
}
