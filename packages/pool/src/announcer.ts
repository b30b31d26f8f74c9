import { channel } from 'node:diagnostics_channel';
import type { EventEmitter } from 'node:events';
import type { PoolEvents } from './pool-events.js';

// Taken when this module is loaded, as a test may fake it.
const { nextTick } = process;

type EventName = keyof PoolEvents;

/**
 * Tells the outside what happened, after the scheduler has finished with it: a listener may call the pool again. The same
 * objects go out on `node:diagnostics_channel` as `ostler:<event>`.
 */
export class Announcer {
  readonly #emitter: EventEmitter<PoolEvents>;
  readonly #pending: (() => void)[] = [];
  /** Nobody can listen to a pool before its constructor has returned. */
  #held = true;

  constructor(emitter: EventEmitter<PoolEvents>) {
    this.#emitter = emitter;
    nextTick(() => {
      this.#held = false;
      this.flush();
    });
  }

  announce<Name extends EventName>(name: Name, ...details: PoolEvents[Name]): void {
    this.later(() => {
      const diagnostics = channel(`ostler:${name}`);
      if (diagnostics.hasSubscribers) diagnostics.publish(details[0]);
      (this.#emitter.emit as (event: string, ...args: unknown[]) => boolean)(name, ...details);
    });
  }

  /** Calls somebody else's code once the present event is over. */
  later(callback: () => void): void {
    this.#pending.push(callback);
  }

  /** What a listener throws is its own uncaught exception, never the pool's. */
  flush(): void {
    if (this.#held || this.#pending.length === 0) return;
    for (const callback of this.#pending.splice(0)) {
      try {
        callback();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
