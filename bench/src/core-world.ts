import { BOUNDLESS, type Effects, PLAIN_TASK, Scheduler, type TaskSpec } from '@ostler/pool/core';

const TASK: TaskSpec = { ...PLAIN_TASK, bytes: 1024 };
/** Replies that come at the same time, as they do in one read of a worker's pipe. */
const REPLIES_PER_READ = 64;
/** Milliseconds between two reads. */
const READ_EVERY = 0.05;
/** More than can be under way at once; a power of two. */
const RING = 1 << 17;

/** What scheduling alone costs: workers that answer at once, as numbers in a ring. */
export class CoreWorld {
  readonly #workerOf = new Int32Array(RING);
  readonly #taskOf = new Int32Array(RING);
  readonly #started: number[] = [];
  readonly #scheduler: Scheduler;
  #sent = 0;
  #answered = 0;
  #settled = 0;
  #now = 0;

  constructor(workers: number, queued: number) {
    const sizes = { minWorkers: workers, maxWorkers: workers };
    const options = { ...BOUNDLESS, ...sizes, maxStarting: workers, sendAhead: true };
    this.#scheduler = new Scheduler(options, this.#effects());
    this.#scheduler.resized(sizes, 0);
    for (const id of this.#started) this.#scheduler.workerReady(id, { cancel: true, recall: false }, 0);
    for (let i = 0; i < queued + workers; i++) this.#submit();
  }

  /** So many tasks are answered, each followed by a new one; throws if one was lost. */
  run(count: number): void {
    const target = this.#settled + count;
    for (let i = 0; i < count; i++) {
      if (i % REPLIES_PER_READ === 0) this.#now += READ_EVERY;
      const at = this.#answered++ & (RING - 1);
      this.#scheduler.replied(this.#workerOf[at] as number, this.#taskOf[at] as number, 'succeeded', this.#now);
      this.#submit();
    }
    if (this.#settled !== target) throw new Error(`${count} tasks were answered, ${this.#settled} settled in all`);
  }

  #submit(): void {
    const task = this.#scheduler.admit(TASK, this.#now);
    this.#scheduler.taskSubmitted(task, this.#now);
  }

  #effects(): Effects {
    const nothing = (): void => {};
    return {
      startWorker: (id) => void this.#started.push(id),
      sendTask: (worker, task) => {
        const at = this.#sent++ & (RING - 1);
        this.#workerOf[at] = worker;
        this.#taskOf[at] = task;
      },
      settleTask: () => void this.#settled++,
      stopWorker: nothing,
      pingWorker: nothing,
      inspectWorker: nothing,
      drawTask: nothing,
      cancelTask: nothing,
      settleRest: nothing,
      retryTask: nothing,
      startsFailed: nothing,
      roomAvailable: nothing,
      replaced: nothing,
      closed: nothing,
    };
  }
}

/** The least that any pool does, in plain JavaScript: a first-in, first-out queue, a Map of what is under way, one task per worker. */
export class PlainWorld {
  readonly #queue: TaskSpec[] = [];
  readonly #underWay = new Map<number, { task: TaskSpec; worker: number }>();
  readonly #idle: number[];
  #head = 0;
  #lastId = 0;
  #oldest = 1;

  constructor(workers: number, queued: number) {
    this.#idle = Array.from({ length: workers }, (_, index) => index);
    for (let i = 0; i < queued + workers; i++) this.#submit();
  }

  run(count: number): void {
    for (let i = 0; i < count; i++) {
      const id = this.#oldest++;
      const sent = this.#underWay.get(id);
      if (sent === undefined) throw new Error(`task ${id} was lost`);
      this.#underWay.delete(id);
      this.#idle.push(sent.worker);
      this.#assign();
      this.#submit();
    }
  }

  #submit(): void {
    this.#queue.push({ ...TASK });
    this.#assign();
  }

  #assign(): void {
    for (let worker = this.#idle.pop(); worker !== undefined; worker = this.#idle.pop()) {
      const task = this.#queue[this.#head];
      if (task === undefined) {
        this.#idle.push(worker);
        return;
      }
      this.#head++;
      if (this.#head * 2 > this.#queue.length) {
        this.#queue.splice(0, this.#head);
        this.#head = 0;
      }
      this.#underWay.set(++this.#lastId, { task, worker });
    }
  }
}
