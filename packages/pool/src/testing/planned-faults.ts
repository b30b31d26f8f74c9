import type { Handlers } from '@ostler/worker';

/** How a worker dies: by a signal, or with an exit code. */
export type PlannedCrash = { signal: NodeJS.Signals } | { exitCode: number };

/** A promise that never settles; what waits for it can be collected all the same. */
const never = (): Promise<never> => new Promise(() => {});

/** What is to happen to the next tasks, one each, in the order in which it was asked for. */
export class PlannedFaults {
  readonly #next: (PlannedCrash | 'hang')[] = [];

  plan(fault: PlannedCrash | 'hang'): void {
    this.#next.push(fault);
  }

  /** The handlers of one worker, with what is planned in the place of a task. */
  prepare(handlers: Handlers, worker: { readonly hasExited: boolean; crash(crash: PlannedCrash): void }): Handlers {
    const prepared = Object.entries(handlers).map(([name, handler]): [string, Handlers[string]] => [
      name,
      (input, task) => {
        if (worker.hasExited) return never(); // a process that is gone begins nothing more
        const fault = this.#next.shift();
        if (fault === undefined) return handler(input, task);
        if (fault !== 'hang') worker.crash(fault);
        return never();
      },
    ]);
    return Object.fromEntries(prepared);
  }
}
