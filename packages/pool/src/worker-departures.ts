import type { LastWords } from '@ostler/protocol';
import { type Leftover, leftoverWarning } from './errors/leftover.js';
import { reachedLimit } from './errors/memory-limit.js';
import { WorkerStartError } from './errors.js';
import type { EventHost } from './event-host.js';
import type { Ending } from './tasks/ending.js';
import type { WorkerGone, WorkerProcess } from './worker-process/worker-process.js';

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

/** How workers end: by a channel that closes, by an exit, once all has been read; and what that says of their tasks. */
export class WorkerDepartures {
  readonly #shell: EventHost;
  /** Workers whose channel has ended, and until when their process may live. */
  readonly #closedChannels = new Map<WorkerProcess, number>();
  /** Processes that have exited while somebody else still holds their channel. */
  readonly #draining = new Set<WorkerProcess>();
  readonly #lastWords = new Map<WorkerProcess, Leftover>();

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

  lastWords(worker: WorkerProcess, taskId: number, words: LastWords): void {
    this.#lastWords.set(worker, { taskId, words });
  }

  channelClosed(worker: WorkerProcess): void {
    this.#closedChannels.set(worker, this.#shell.os.now() + CLOSED_CHANNEL_GRACE);
    this.#shell.feed((scheduler, now) => scheduler.workerLeaves(worker.id, now));
  }

  exited(worker: WorkerProcess): void {
    this.#draining.add(worker);
    this.#shell.feed((scheduler, now) => scheduler.workerLeaves(worker.id, now));
  }

  gone(worker: WorkerProcess, gone: WorkerGone): void {
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
}

function isForGood(error: { code?: string | undefined }): boolean {
  return error.code !== undefined && USELESS_TO_TRY_AGAIN.has(error.code);
}
