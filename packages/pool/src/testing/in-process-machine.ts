import { type ModuleWorker, Turn } from '@ostler/worker/in-process';
import { ourSurroundings } from '../launch/surroundings.js';
import type { Machine } from '../machine.js';
import type { Limiter, LimitName, Limits, MissingLimit } from '../os/limits.js';
import { nodeOs } from '../os/node-os.js';
import { InProcessWorker } from './in-process-worker.js';
import type { PlannedFaults } from './planned-faults.js';

/** Above all numbers that a system gives to processes: a signal to it reaches nobody. */
const FIRST_PID = 1_000_000_001;
const NOT_ENFORCED = { reason: 'the handlers run in this process, which no limit of a worker holds', instead: null };

// Taken when this module is loaded, as a test may fake it.
const { setImmediate } = globalThis;

/** A machine whose processes are sessions of the worker SDK in this one; its clock and its timers are the real ones. */
export function inProcessMachine(worker: ModuleWorker, faults: PlannedFaults): Machine {
  const os = nodeOs();
  let nextPid = FIRST_PID;
  return {
    os: {
      ...os,
      hasPrivateChannel: true,
      addonPath: undefined,
      spawn: (_, listener) => {
        const turn = new Turn(os.now, setImmediate);
        // Immediates come in order, each with an end of turn of its own, as what pipes hold does.
        return new InProcessWorker({ pid: nextPid++, worker, faults, listener, turn, post: setImmediate });
      },
      tellsOfProcesses: false,
      inspect: () => null,
      peakMemory: () => null,
      privateMemory: () => null,
      createLedger: () => null,
      missingLimits,
      createLimiter: () => NO_LIMITS,
    },
    surroundings: { ...ourSurroundings(), env: {} },
  };
}

function missingLimits(limits: Limits): Map<LimitName, MissingLimit> {
  const names = Object.keys(limits) as LimitName[];
  return new Map(names.map((name) => [name, NOT_ENFORCED]));
}

const NO_LIMITS: Limiter = {
  hold: (_, limits) => ({
    guard: {},
    watchedMemory: undefined,
    limits,
    apply() {},
    usage: () => null,
    overMemory: () => null,
    release() {},
  }),
  close() {},
};
