import type { StopStep } from './stop-step.js';
import type { RetireReason } from './worker-state.js';

/** How a task ended. The shell adds the facts that it holds (the reply, the exit, the signal's reason). */
export type TaskOutcome =
  | 'succeeded'
  | 'failed'
  | 'crashed'
  | 'poison'
  | 'protocol-error'
  | 'timed-out-waiting'
  | 'timed-out-running'
  | 'aborted'
  | 'start-failed'
  | 'closed';

/** Why a task gets another attempt. */
export type RetryCause = 'crash' | 'timeout' | 'failure' | 'memory';

/**
 * The scheduler's decisions, performed by the shell in the order in which they come. An effect is performed while the
 * scheduler handles an event, so it must not feed the scheduler another one (that throws).
 */
export interface Effects {
  startWorker(workerId: number, slot: number): void;
  /** Take a step of a stop: `asked` closes the task channel, `terminated` and `killed` signal the process group. */
  stopWorker(workerId: number, step: Exclude<StopStep, 'draining'>, reason: RetireReason): void;
  pingWorker(workerId: number): void;
  /** Look whether a busy worker still runs, and answer with `workerInspected`. */
  inspectWorker(workerId: number): void;
  /** `task` is item `index` of `batch`; from now on it has a life of its own. */
  drawTask(batch: number, index: number, task: number): void;
  sendTask(workerId: number, task: number): void;
  /**
   * The worker should give the task up. `unless-begun`: only if it can still prove that it had not begun it; a running task
   * goes on as if nothing was said, for its caller still waits.
   */
  cancelTask(workerId: number, task: number, when: 'at-once' | 'unless-begun'): void;
  /** The caller learns the outcome; `started`: the task may have begun. */
  settleTask(task: number, outcome: TaskOutcome, started: boolean): void;
  /** The items of `batch` from `index` on will never be drawn: they all end the same way. */
  settleRest(batch: number, index: number, outcome: Exclude<TaskOutcome, 'succeeded'>): void;
  /** The task goes back to the queue for another attempt; `charged`: the last one counts against it. */
  retryTask(task: number, cause: RetryCause, charged: boolean): void;
  /** No worker can be started: what waits has been rejected. */
  startsFailed(): void;
  /** The queue has room again after a refusal. */
  roomAvailable(): void;
  /** A rolling replacement has ended. */
  replaced(): void;
  /** No worker and no task is left. */
  closed(): void;
}
