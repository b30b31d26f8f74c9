import type { TaskOutcome } from './effects.js';
import type { RetireReason } from './worker-state.js';

/** Tasks by what became of them, since construction. */
export interface TaskCounts {
  submitted: number;
  succeeded: number;
  failed: number;
  crashed: number;
  timedOut: number;
  aborted: number;
  rejected: number;
  retried: number;
}

type Ended = Exclude<keyof TaskCounts, 'submitted' | 'retried'>;

const ENDED_AS: Readonly<Record<Exclude<TaskOutcome, 'succeeded'>, Ended>> = {
  failed: 'failed',
  crashed: 'crashed',
  poison: 'crashed',
  'protocol-error': 'crashed',
  'timed-out-waiting': 'timedOut',
  'timed-out-running': 'timedOut',
  aborted: 'aborted',
  'start-failed': 'rejected',
  closed: 'rejected',
};

/** Running totals for `stats()`. */
export class Tally {
  readonly tasks: TaskCounts = {
    submitted: 0,
    succeeded: 0,
    failed: 0,
    crashed: 0,
    timedOut: 0,
    aborted: 0,
    rejected: 0,
    retried: 0,
  };
  readonly retired: Record<RetireReason, number> = {
    idle: 0,
    'max-tasks': 0,
    'max-lifetime': 0,
    memory: 0,
    timeout: 0,
    aborted: 0,
    unresponsive: 0,
    'protocol-error': 0,
    replaced: 0,
    resized: 0,
    closing: 0,
  };
  /** Processes started. */
  started = 0;
  /** Ready workers that left unasked. */
  crashes = 0;

  ended(outcome: TaskOutcome, count = 1): void {
    if (outcome === 'succeeded') this.tasks.succeeded += count;
    else this.tasks[ENDED_AS[outcome]] += count; // a look-up by a name that varies costs ten times as much
  }

  /** A task that never came in, because the queue was full or the pool closed. */
  refused(count: number): void {
    this.tasks.submitted += count;
    this.tasks.rejected += count;
  }
}
