import {
  BOUNDLESS,
  type CoreOptions,
  type Effects,
  PLAIN_TASK,
  Scheduler,
  type TaskSpec,
} from '../../src/core/index.js';

/** The scheduler without processes: a test says what happens, and reads in words what the scheduler did about it. */
export class Probe {
  now = 0;
  readonly scheduler: Scheduler;
  readonly #did: string[] = [];
  /** Names of the tasks by their slots. */
  readonly #names = new Map<number, string>();

  constructor(options: Partial<CoreOptions> = {}) {
    const core = { ...BOUNDLESS, ...options };
    this.scheduler = new Scheduler(core, this.#effects());
    this.scheduler.resized(core, this.now);
  }

  /** What was done since this was asked last. */
  get did(): string[] {
    return this.#did.splice(0);
  }

  submit(name: string, spec: Partial<TaskSpec> = {}): void {
    const slot = this.scheduler.admit({ ...PLAIN_TASK, ...spec }, this.now);
    this.#names.set(slot, name);
    this.scheduler.taskSubmitted(slot, this.now);
  }

  ready(...workers: number[]): void {
    for (const id of workers) this.scheduler.workerReady(id, { cancel: true, recall: false }, this.now);
  }

  /** The worker answers its oldest task. */
  reply(worker: number): void {
    const task = this.scheduler.workers.get(worker)?.inFlight.at(0);
    if (task === undefined) throw new Error(`worker ${worker} holds nothing`);
    this.scheduler.replied(worker, task, 'succeeded', this.now);
  }

  exit(worker: number): void {
    this.scheduler.workerExited(worker, {}, this.now);
  }

  /** Time passes, and what is due on the way is told. */
  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let due = this.scheduler.nextDeadline(); due <= end; due = this.scheduler.nextDeadline()) {
      this.now = Math.max(this.now, due);
      this.scheduler.deadlineReached(this.now);
    }
    this.now = end;
  }

  #effects(): Effects {
    const nothing = (): void => {};
    const say = (words: string): void => void this.#did.push(words);
    return {
      startWorker: (id) => say(`start w${id}`),
      stopWorker: (id, step, reason) => say(`w${id} ${step}: ${reason}`),
      sendTask: (worker, task) => say(`${this.#names.get(task)} to w${worker}`),
      settleTask: (task, outcome) => say(`${this.#names.get(task)} ${outcome}`),
      drawTask: (batch, index, task) => void this.#names.set(task, `${this.#names.get(batch)}${index}`),
      settleRest: nothing,
      pingWorker: nothing,
      inspectWorker: nothing,
      cancelTask: nothing,
      retryTask: nothing,
      startsFailed: () => say('starts failed'),
      roomAvailable: nothing,
      replaced: () => say('replaced'),
      closed: () => say('closed'),
    };
  }
}
