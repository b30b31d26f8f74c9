import { Worker } from './worker.js';
import { EXITED, IDLE, WORKER_MOVES } from './worker-state.js';

/** Every live worker, in one list per state that only `transition` changes; counts are the lengths of the lists. */
export class WorkerTable {
  readonly #byId = new Map<number, Worker>();
  readonly starting: Worker[] = [];
  /** Least recently used first. */
  readonly idle: Worker[] = [];
  readonly busy: Worker[] = [];
  readonly stopping: Worker[] = [];
  /** The lists by state code; an exited worker is in none. */
  readonly #lists = WORKER_MOVES.states.map((state) => (state === 'exited' ? [] : this[state]));
  #nextId = 1;

  /** Live processes, stopping ones too. */
  get total(): number {
    return this.staying + this.stopping.length;
  }

  /** Workers that are here to stay: starting, idle or busy. */
  get staying(): number {
    return this.starting.length + this.idle.length + this.busy.length;
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

  transition(worker: Worker, event: number): void {
    const from = worker.code;
    const to = WORKER_MOVES.next(from, event);
    if (to === from) return;
    leave(this.#lists[from] as Worker[], worker, from === IDLE);
    worker.code = to;
    if (to === EXITED) this.#byId.delete(worker.id);
    else enter(this.#lists[to] as Worker[], worker);
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
