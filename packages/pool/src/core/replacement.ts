import type { CoreState } from './core-state.js';
import type { Growth } from './growth.js';
import type { Stopping } from './stopping.js';
import type { Worker } from './worker.js';

/** A rolling replacement: every worker that lived at its start leaves, `surge` at a time, at least one. */
export class Replacement {
  readonly #core: CoreState;
  readonly #stopping: Stopping;
  readonly #growth: Growth;
  /** One is under way. */
  active = false;
  #newestOld = 0;

  constructor(core: CoreState, parts: { stopping: Stopping; growth: Growth }) {
    this.#core = core;
    this.#stopping = parts.stopping;
    this.#growth = parts.growth;
  }

  /** Starts over where one is under way: workers that it warmed are old now, too. */
  begin(surge: number): void {
    this.active = true;
    this.#core.surge = Math.max(this.#core.surge, surge);
    for (const { id } of this.#core.workers) this.#newestOld = Math.max(this.#newestOld, id);
  }

  /** Lets the next old workers go; ends once none is left and the minimum is warm again, or can't be had. */
  advance(): void {
    const old = [...this.#core.workers].filter((worker) => worker.id <= this.#newestOld);
    if (old.length === 0) this.#end();
    const staying = old.filter((worker) => worker.reason === null && worker.due === null);
    const underWay = old.length - staying.length + this.#successorsStarting;
    const room = Math.max(1, this.#core.surge) - underWay;
    for (const worker of staying.slice(0, Math.max(0, room))) this.#stopping.makeDue(worker, 'replaced');
  }

  get #successorsStarting(): number {
    const isSuccessor = (worker: Worker): boolean => worker.id > this.#newestOld;
    return this.#core.workers.starting.filter(isSuccessor).length;
  }

  #end(): void {
    if (this.#core.workers.starting.length > 0 || this.#growth.missing > 0) return;
    this.active = false;
    this.#core.surge = 0;
    this.#core.effects.replaced();
  }
}
