import { randomBytes } from 'node:crypto';
import { createMemoryFile } from './memory-file.js';
import { NodeProcess } from './node-process.js';
import type { OperatingSystem, TimerHandle } from './operating-system.js';
import { readProcStat } from './proc-stat.js';

// Taken when this module is loaded: the fake timers of somebody's test must not freeze the pool.
const { setTimeout, clearTimeout, performance } = globalThis;
const { nextTick } = process;

const THIS_MACHINE: OperatingSystem = {
  timeOrigin: performance.timeOrigin,
  hasPrivateChannel: process.platform !== 'win32',
  now: () => performance.now(),
  setTimer: (callback, delay) => setTimeout(callback, delay).unref(),
  clearTimer: (timer: TimerHandle) => clearTimeout(timer as NodeJS.Timeout),
  atEndOfTurn: (callback) => nextTick(callback),
  randomKey: () => randomBytes(4).readUInt32LE() || 1,
  spawn: (request, listener) => new NodeProcess(request, listener),
  inspect: readProcStat,
  createLedger: createMemoryFile,
};

/** The machine that this program runs on. */
export function nodeOs(): OperatingSystem {
  return THIS_MACHINE;
}
