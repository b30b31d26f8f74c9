import { randomBytes } from 'node:crypto';
import { load, peakMemory, privateMemory } from '@ostler/native';
import { FileWatch } from './file-watch.js';
import { GuardedWorker } from './guarded-worker.js';
import { inspectProcess } from './inspect-process.js';
import { MachineLimiter } from './machine-limiter.js';
import { createMemoryFile } from './memory-file.js';
import { missingLimits } from './missing-limits.js';
import { NodeProcess } from './node-process.js';
import type { OperatingSystem, TimerHandle } from './operating-system.js';

// Taken when this module is loaded: the fake timers of somebody's test must not freeze the pool.
const { setTimeout, clearTimeout, setImmediate, clearImmediate, performance } = globalThis;
const wallTime = Date.now;
const { nextTick } = process;

/**
 * Fires once the event loop has looked at all pipes. Where the program was held up for long, a timer alone comes first, as
 * does one that it sets anew: then a worker would count as late whose reply only has not been read.
 */
class Timer {
  readonly #timeout: NodeJS.Timeout;
  #immediate: NodeJS.Immediate | undefined;

  constructor(callback: () => void, delay: number) {
    this.#timeout = setTimeout(() => {
      this.#immediate = setImmediate(callback);
    }, delay).unref();
  }

  clear(): void {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
  }
}

const native = load();

const THIS_MACHINE: OperatingSystem = {
  timeOrigin: performance.timeOrigin,
  hasPrivateChannel: true,
  addonPath: native.binding && native.addonPath,
  wallTime,
  now: () => performance.now(),
  setTimer: (callback, delay) => new Timer(callback, delay),
  clearTimer: (timer: TimerHandle) => (timer as Timer).clear(),
  atEndOfTurn: (callback) => nextTick(callback),
  randomKey: () => randomBytes(4).readUInt32LE() || 1,
  spawn: (request, listener) =>
    native.binding === undefined ? new NodeProcess(request, listener) : new GuardedWorker(request, listener),
  tellsOfProcesses: process.platform === 'linux',
  inspect: inspectProcess,
  peakMemory,
  privateMemory,
  createLedger: createMemoryFile,
  watchFiles: (paths, listener) => new FileWatch(paths, listener),
  missingLimits,
  createLimiter: (pool, kinds) => new MachineLimiter(pool, kinds),
};

/** The machine that this program runs on. */
export function nodeOs(): OperatingSystem {
  return THIS_MACHINE;
}
