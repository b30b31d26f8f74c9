import { decodeRemoteError, decodeValue, Flag, type Frame, FrameType, type LastWords } from '@ostler/protocol';
import type { ReplyKind } from './core/index.js';
import { inspectorLine } from './dev/inspector-line.js';
import { protocolWarning, stallWarning } from './errors/protocol-warning.js';
import type { OstlerError } from './errors.js';
import type { EventHost } from './event-host.js';
import type { Ending } from './tasks/ending.js';
import { misfit } from './tasks/misfit.js';
import { WorkerDepartures } from './worker-departures.js';
import type {
  LogSource,
  WorkerGone,
  WorkerProcess,
  WorkerProcessListener,
  WorkerViolation,
} from './worker-process/worker-process.js';

const NONE = -1;
/** While more tasks follow, memory is looked at no more often than this, in milliseconds. */
const MEMORY_INTERVAL = 100;

/** What workers do, told to the scheduler: their starts, their replies, what they print and break; how they end is the departures' part. */
export class WorkerEvents implements WorkerProcessListener {
  readonly #shell: EventHost;
  readonly #departures: WorkerDepartures;
  #toldOfStall = false;
  readonly #memoryLooks = new WeakMap<WorkerProcess, number>();
  /** The facts of a reply, used again for each: nothing is allocated for the common one. */
  readonly #reply: Ending = { frame: undefined, workerId: 0, pid: undefined, now: 0, remote: undefined };

  constructor(shell: EventHost) {
    this.#shell = shell;
    this.#departures = new WorkerDepartures(shell);
  }

  /** The next time at which `deadlineReached` has something to do, or `Infinity`. */
  get nextDeadline(): number {
    return this.#departures.nextDeadline;
  }

  deadlineReached(now: number): void {
    this.#departures.deadlineReached(now);
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
    this.#departures.lastWords(worker, taskId, words);
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
    this.#departures.channelClosed(worker);
  }

  onExit(worker: WorkerProcess): void {
    this.#departures.exited(worker);
  }

  onGone(worker: WorkerProcess, gone: WorkerGone): void {
    this.#departures.gone(worker, gone);
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
