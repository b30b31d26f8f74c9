import { Worker } from './worker.js';
import { nextWorkerState, type WorkerEvent, type WorkerState } from './worker-state.js';

/** How many busy workers are looked at to find the least loaded one: two random choices are nearly as good as all (Mitzenmacher 2001), eight in turn are plenty. */
const LOOKED_AT = 8;

/** Every live worker, in one list per state that only `transition` changes; counts are the lengths of the lists. */
export class WorkerTable {
  readonly #byId = new Map<number, Worker>();
  readonly starting: Worker[] = [];
  /** Least recently used first. */
  readonly idle: Worker[] = [];
  readonly busy: Worker[] = [];
  readonly stopping: Worker[] = [];
  #nextId = 1;
  #cursor = 0;

  /** Live processes, stopping ones too. */
  get total(): number {
    return this.#byId.size;
  }

  /** Workers that are here to stay: starting, idle or busy. */
  get staying(): number {
    return this.#byId.size - this.stopping.length;
  }

  get warm(): number {
    return this.idle.length + this.busy.length;
  }

  get(id: number): Worker | undefined {
    return this.#byId.get(id);
  }

  [Symbol.iterator](): IterableIterator<Worker> {
    return this.#byId.values();
  }

  /** A new worker, with an id that was never used and the lowest slot that is free. */
  add(now: number): Worker {
    const worker = new Worker(this.#nextId++, this.#lowestFreeSlot(), now);
    this.#byId.set(worker.id, worker);
    enter(this.starting, worker);
    return worker;
  }

  transition(worker: Worker, event: WorkerEvent): void {
    const from = worker.state;
    const to = nextWorkerState(from, event);
    if (to === from) return;
    leave(this.#list(from), worker, from === 'idle');
    worker.state = to;
    if (to === 'exited') this.#byId.delete(worker.id);
    else enter(this.#list(to), worker);
  }

  /** The least loaded of the next few busy workers (or of all) that have `room` for one more task, or undefined. */
  leastLoaded(room: (worker: Worker) => boolean, lookAt = LOOKED_AT): Worker | undefined {
    let best: Worker | undefined;
    const looks = Math.min(lookAt, this.busy.length);
    for (let i = 0; i < looks; i++) {
      this.#cursor = this.#cursor + 1 < this.busy.length ? this.#cursor + 1 : 0;
      const worker = this.busy[this.#cursor] as Worker;
      if (best !== undefined && worker.inFlight.length >= best.inFlight.length) continue;
      if (room(worker)) best = worker;
    }
    return best;
  }

  #list(state: WorkerState): Worker[] {
    if (state === 'exited') throw new Error('an exited worker is in no list');
    return this[state];
  }

  #lowestFreeSlot(): number {
    const taken = new Set<number>();
    for (const worker of this.#byId.values()) taken.add(worker.slot);
    let slot = 0;
    while (taken.has(slot)) slot++;
    return slot;
  }
}

/** Swaps the last one in, except among the idle, whose order matters; there it is mostly the last one itself. */
function leave(list: Worker[], worker: Worker, ordered: boolean): void {
  const last = list.pop() as Worker;
  if (last === worker) return;
  if (!ordered) {
    list[worker.listIndex] = last;
    last.listIndex = worker.listIndex;
    return;
  }
  list.push(last);
  list.splice(worker.listIndex, 1);
  for (let i = worker.listIndex; i < list.length; i++) (list[i] as Worker).listIndex = i;
}

function enter(list: Worker[], worker: Worker): void {
  worker.listIndex = list.length;
  list.push(worker);
}
