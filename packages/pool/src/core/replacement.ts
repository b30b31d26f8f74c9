import type { CoreState } from './core-state.js';
import type { Stopping } from './stopping.js';

/** A rolling replacement: every worker that lived at its start leaves, `surge` at a time, at least one. */
export class Replacement {
  readonly #core: CoreState;
  readonly #stopping: Stopping;
  #newestOld = 0;

  constructor(core: CoreState, stopping: Stopping) {
    this.#core = core;
    this.#stopping = stopping;
  }

  get active(): boolean {
    return this.#newestOld > 0;
  }

  /** Starts over where one is under way: workers that it warmed are old now, too. */
  begin(surge: number): void {
    this.#core.surge = Math.max(this.#core.surge, surge);
    for (const worker of this.#core.workers) this.#newestOld = Math.max(this.#newestOld, worker.id);
    if (!this.active) this.#core.effects.replaced();
  }

  /** Lets the next old workers go; ends once none is left and the successors are warm. */
  advance(): void {
    if (!this.active) return;
    const { workers } = this.#core;
    let leaving = workers.starting.length;
    let old = 0;
    for (const worker of workers) {
      if (worker.id > this.#newestOld) continue;
      old++;
      if (worker.reason !== null || worker.due !== null) leaving++;
    }
    if (old === 0) this.#end();
    for (const worker of workers) {
      if (leaving >= Math.max(1, this.#core.surge)) return;
      if (worker.id > this.#newestOld || worker.reason !== null || worker.due !== null) continue;
      if (worker.state !== 'starting') leaving++;
      this.#stopping.makeDue(worker, 'replaced');
    }
  }

  #end(): void {
    if (this.#core.workers.starting.length > 0) return;
    this.#newestOld = 0;
    this.#core.surge = 0;
    this.#core.effects.replaced();
  }
}
