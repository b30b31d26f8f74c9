import { decodeRemoteError, decodeValue, Flag, type Frame, FrameType, type LastWords } from '@ostler/protocol';
import type { Announcer } from './announcer.js';
import type { ReplyKind, Scheduler } from './core/index.js';
import { inspectorLine } from './dev/inspector-line.js';
import { type Leftover, leftoverWarning } from './errors/leftover.js';
import { reachedLimit } from './errors/memory-limit.js';
import { protocolWarning, stallWarning } from './errors/protocol-warning.js';
import { type OstlerError, WorkerStartError } from './errors.js';
import type { LogOutput } from './log-output.js';
import type { MemoryWatch } from './memory-watch.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import type { OperatingSystem } from './os/operating-system.js';
import type { Ending } from './tasks/ending.js';
import { misfit } from './tasks/misfit.js';
import type { TaskBook } from './tasks/task-book.js';
import type { WorkerLimits } from './worker-limits.js';
import type {
  LogSource,
  WorkerGone,
  WorkerProcess,
  WorkerProcessListener,
  WorkerViolation,
} from './worker-process/worker-process.js';
import type { WorkerWatch } from './worker-watch.js';

const NONE = -1;
/** What a ledger says where no task has begun. */
const NONE_STARTED = 0;
/** Of a start that fails in the same way whenever it is tried. */
const USELESS_TO_TRY_AGAIN: ReadonlySet<string> = new Set([
  'ENOENT',
  'EACCES',
  'ENOTDIR',
  'ENOEXEC',
  'EFTYPE', // Windows' ENOEXEC
  'E2BIG',
  'ENAMETOOLONG', // Windows' E2BIG
  'EINVAL',
  'ERR_INVALID_ARG_VALUE',
]);
/** A channel that ends while its process lives gets this long, in milliseconds, until the exit must follow. */
const CLOSED_CHANNEL_GRACE = 1000;
/** While more tasks follow, memory is looked at no more often than this, in milliseconds. */
const MEMORY_INTERVAL = 100;

/** What the events of workers are told to: the shell. */
export interface EventHost {
  readonly options: ResolvedOptions;
  readonly os: OperatingSystem;
  readonly scheduler: Scheduler;
  readonly tasks: TaskBook;
  readonly workers: Map<number, WorkerProcess>;
  readonly watch: WorkerWatch;
  readonly memoryWatch: MemoryWatch;
  readonly limits: WorkerLimits;
  readonly log: LogOutput;
  readonly announcer: Announcer;
  ending: Ending;
  feed(event: (scheduler: Scheduler, now: number) => void, ending?: Ending): void;
  finish(): void;
}

/** What workers do, told to the scheduler: replies, exits, silence. */
export class WorkerEvents implements WorkerProcessListener {
  readonly #shell: EventHost;
  /** Workers whose channel has ended, and until when their process may live. */
  readonly #closedChannels = new Map<WorkerProcess, number>();
  /** Processes that have exited while somebody else still holds their channel. */
  readonly #draining = new Set<WorkerProcess>();
  readonly #lastWords = new Map<WorkerProcess, Leftover>();
  #toldOfStall = false;
  readonly #memoryLooks = new WeakMap<WorkerProcess, number>();
  /** The facts of a reply, used again for each: nothing is allocated for the common one. */
  readonly #reply: Ending = { frame: undefined, workerId: 0, pid: undefined, now: 0, remote: undefined };

  constructor(shell: EventHost) {
    this.#shell = shell;
  }

  /** The next time at which `deadlineReached` has something to do, or `Infinity`. */
  get nextDeadline(): number {
    if (this.#draining.size === 0 && this.#closedChannels.size === 0) return Infinity;
    let next = Infinity;
    for (const worker of this.#draining) next = Math.min(next, worker.drainDeadline);
    for (const until of this.#closedChannels.values()) next = Math.min(next, until);
    return next;
  }

  deadlineReached(now: number): void {
    for (const worker of [...this.#draining]) if (worker.drainDeadline <= now) worker.onDeadline(now);
    for (const [worker, until] of [...this.#closedChannels]) {
      if (until > now) continue;
      if (this.#shell.watch.hasEnded(worker)) {
        this.#closedChannels.set(worker, now + CLOSED_CHANNEL_GRACE); // a guard that gets no CPU time is late with the news
        continue;
      }
      this.#closedChannels.delete(worker);
      const order = { step: 'killed', now } as const;
      this.#shell.feed((scheduler) => scheduler.retire(worker.id, 'unresponsive', order));
    }
  }

  onStarted(worker: WorkerProcess): void {
    const refusal = this.#shell.limits.started(worker);
    if (refusal !== null) {
      this.#shell.announcer.announce('warning', refusal as OstlerError);
      worker.signal('SIGKILL');
    }
    this.#shell.memoryWatch.begin();
    this.#shell.announcer.announce('worker-start', { workerId: worker.id, pid: worker.pid as number });
    this.#shell.finish();
  }

  onReady(worker: WorkerProcess): void {
    const abilities = { cancel: worker.capabilities.has('cancel'), recall: worker.capabilities.has('recall') };
    const { pid } = worker;
    const startupMs = this.#shell.os.now() - worker.spawnedAt;
    if (pid !== undefined) this.#shell.announcer.announce('worker-ready', { workerId: worker.id, pid, startupMs });
    this.#shell.feed((scheduler, now) => scheduler.workerReady(worker.id, abilities, now));
  }

  onFrame(worker: WorkerProcess, frame: Frame): void {
    switch (frame.type) {
      case FrameType.result:
      case FrameType.failure:
      case FrameType.end:
        this.#onTerminal(worker, frame);
        break;
      case FrameType.chunk:
        this.#onChunk(worker, frame);
        break;
      case FrameType.progress:
        this.#onProgress(worker, frame);
        break;
      case FrameType.pong:
        this.#shell.feed((scheduler, now) => scheduler.pongReceived(worker.id, now));
        break;
      default: // types of later versions are skipped
    }
  }

  onLog(worker: WorkerProcess, taskId: number | null, ...[source, level, line]: [LogSource, string, string]): void {
    const { log, options } = this.#shell;
    const told = options.dev.inspect === false ? line : inspectorLine(line);
    if (told === line) log.write({ workerId: worker.id, taskId, source, level, line }, worker);
    else if (told !== null) log.notice(told, worker);
    this.#shell.finish();
  }

  onLastWords(worker: WorkerProcess, taskId: number, words: LastWords): void {
    this.#lastWords.set(worker, { taskId, words });
  }

  onViolation(worker: WorkerProcess, violation: WorkerViolation): void {
    const { scheduler } = this.#shell;
    const inFlight = scheduler.workers.get(worker.id)?.inFlight;
    const named = scheduler.taskOf(worker.id, violation.id);
    const slot = named === NONE && inFlight !== undefined && inFlight.length > 0 ? inFlight.at(0) : named;
    if (slot === NONE) {
      this.#shell.announcer.announce('warning', protocolWarning(violation, this.#shell.options.name, worker.pid));
    }
    this.#shell.feed((core, now) => core.replyDamaged(worker.id, slot, now), {
      violation,
      workerId: worker.id,
      pid: worker.pid,
    });
  }

  onStall(worker: WorkerProcess): void {
    if (this.#toldOfStall) return;
    this.#toldOfStall = true;
    this.#shell.announcer.announce('warning', stallWarning(this.#shell.options.name, worker.pid));
    this.#shell.finish();
  }

  onChannelClosed(worker: WorkerProcess): void {
    this.#closedChannels.set(worker, this.#shell.os.now() + CLOSED_CHANNEL_GRACE);
    this.#shell.feed((scheduler, now) => scheduler.workerLeaves(worker.id, now));
  }

  onExit(worker: WorkerProcess): void {
    this.#draining.add(worker);
    this.#shell.feed((scheduler, now) => scheduler.workerLeaves(worker.id, now));
  }

  onGone(worker: WorkerProcess, gone: WorkerGone): void {
    this.#shell.workers.delete(worker.id);
    this.#closedChannels.delete(worker);
    this.#draining.delete(worker);
    const leftover = this.#leftoverOf(worker);
    const seen = this.#shell.scheduler.workers.get(worker.id);
    const reason = seen?.reason ?? null;
    const ending: Ending = { gone, workerId: worker.id, reason, leftover };
    const hasRun = seen?.everReady === true && gone.spawnError === null;
    if (seen !== undefined && !hasRun) ending.startError = this.#startError(gone, reason === 'timeout');
    const end = {
      startedId: gone.spawnError === null ? (gone.ledgerStarted ?? undefined) : NONE_STARTED,
      innocent: leftover !== undefined,
      memory: reachedLimit(gone) !== null,
      forGood: gone.spawnError !== null && isForGood(gone.spawnError),
    };
    if (gone.exit.pid > 0) {
      this.#shell.announcer.announce('worker-exit', {
        workerId: worker.id,
        exit: gone.exit,
        reason: reason ?? 'crash',
      });
    }
    this.#shell.feed((scheduler, now) => scheduler.workerExited(worker.id, end, now), ending);
  }

  #onTerminal(worker: WorkerProcess, frame: Frame): void {
    const { scheduler } = this.#shell;
    const slot = scheduler.taskOf(worker.id, frame.id);
    if (slot === NONE) return; // answered before: a ledger may repeat what came over the channel
    const task = this.#shell.tasks.get(slot);
    const problem = task === undefined ? undefined : misfit(task, frame);
    if (problem !== undefined) {
      this.#broken(worker, frame.id, problem);
      return;
    }
    const reply = this.#reply;
    reply.frame = frame;
    reply.workerId = worker.id;
    reply.pid = worker.pid;
    reply.now = worker.lastActivity;
    reply.remote = frame.type === FrameType.failure ? decodeRemoteError(frame.body) : undefined;
    this.#shell.ending = reply;
    scheduler.replied(worker.id, slot, kindOf(frame), worker.lastActivity);
    this.#shell.ending = {};
    if (this.#shell.options.maxWorkerMemory !== Infinity) this.#lookAtMemory(worker);
    this.#shell.finish();
  }

  #onChunk(worker: WorkerProcess, frame: Frame): void {
    const slot = this.#shell.scheduler.taskOf(worker.id, frame.id);
    if (slot === NONE) return;
    const task = this.#shell.tasks.get(slot);
    if (task === undefined) return; // its caller has left
    const problem = misfit(task, frame);
    if (problem !== undefined) this.#broken(worker, frame.id, problem);
    else task.caller.chunk?.(frame, (bytes) => worker.credit(frame.id, bytes));
  }

  #onProgress(worker: WorkerProcess, frame: Frame): void {
    const slot = this.#shell.scheduler.taskOf(worker.id, frame.id);
    const onProgress = slot === NONE ? undefined : this.#shell.tasks.get(slot)?.options?.onProgress;
    if (onProgress === undefined) return;
    const value = decodeValue(frame.encoding, frame.body);
    this.#shell.announcer.later(() => onProgress(value));
    this.#shell.finish();
  }

  /** A reply that nobody asked for, or that cannot be read, breaks the protocol. */
  #broken(worker: WorkerProcess, id: number, message: string): void {
    this.onViolation(worker, { id, side: 'worker', offset: 0, excerpt: '', message });
  }

  /** What a dying worker said that a task which had ended left behind: the one that ran meanwhile is innocent. */
  #leftoverOf(worker: WorkerProcess): Leftover | undefined {
    const leftover = this.#lastWords.get(worker);
    this.#lastWords.delete(worker);
    if (leftover === undefined || leftover.taskId === 0) return undefined;
    if (this.#shell.scheduler.taskOf(worker.id, leftover.taskId) !== NONE) return undefined;
    const warning = leftoverWarning(leftover, this.#shell.options.name, worker.pid);
    this.#shell.announcer.announce('warning', warning);
    return leftover;
  }

  #startError(gone: WorkerGone, timedOut: boolean): WorkerStartError {
    const { name, worker } = this.#shell.options;
    const { command, cwd } = worker;
    return new WorkerStartError({ ...gone, pool: name, command, cwd, timedOut });
  }

  #lookAtMemory(worker: WorkerProcess): void {
    const now = worker.lastActivity;
    const idle = this.#shell.scheduler.workers.get(worker.id)?.inFlight.length === 0;
    if (!idle && now - (this.#memoryLooks.get(worker) ?? -Infinity) < MEMORY_INTERVAL) return;
    this.#memoryLooks.set(worker, now);
    if (!this.#shell.watch.isAbove(worker, this.#shell.options.maxWorkerMemory)) return;
    this.#shell.scheduler.retire(worker.id, 'memory', { step: 'due', now });
  }
}

function kindOf(frame: Frame): ReplyKind {
  if (frame.type !== FrameType.failure) return 'succeeded';
  return (frame.flags & Flag.notStarted) !== 0 ? 'not-started' : 'failed';
}

function isForGood(error: { code?: string | undefined }): boolean {
  return error.code !== undefined && USELESS_TO_TRY_AGAIN.has(error.code);
}
