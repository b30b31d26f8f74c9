import type { Exit } from '../exit.js';
import { nameErrors } from './ostler-error.js';
import { type StartPhase, type StartStoryFacts, startStory } from './start-story.js';
import { TaskError, type TaskFacts } from './task-error.js';

/** All that is known of a worker that never got ready. */
export interface WorkerStartFacts extends StartStoryFacts {
  pool: string;
}

const NO_TASK = { taskId: 0, started: false, attempt: 0 } as const;

/** A worker could not be started, or ended before it was ready. */
export class WorkerStartError extends TaskError {
  readonly phase: StartPhase;
  readonly exit: Exit;
  readonly stderrTail: string;
  readonly #facts: WorkerStartFacts;
  readonly #story: string;

  static {
    nameErrors(WorkerStartError, 'WorkerStartError');
  }

  /** `told`: the tasks that failed with the worker share its story. */
  constructor(facts: WorkerStartFacts, told?: { task: TaskFacts; story: string }) {
    const { pool, phase, spawnError, initError } = facts;
    const story = told?.story ?? startStory(facts);
    const cause = spawnError ?? initError ?? undefined;
    super(story, 'ERR_WORKER_START', { ...(told?.task ?? NO_TASK), pool, cause });
    this.phase = phase === 'ready' ? 'init' : phase;
    this.exit = facts.exit;
    this.stderrTail = facts.stderrTail;
    this.#facts = facts;
    this.#story = story;
  }

  /** The same error for a task that waited for the worker. */
  forTask(task: TaskFacts): WorkerStartError {
    return new WorkerStartError(this.#facts, { task, story: this.#story });
  }
}
