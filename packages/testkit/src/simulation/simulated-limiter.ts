import type { HeldUsage, Limiter, Limits, WorkerHold } from '@ostler/pool/os';

/** Holds simulated workers: what they use is not counted, and none goes over its limit. */
export class SimulatedLimiter implements Limiter {
  hold(_workerId: number, limits: Limits): SimulatedHold {
    return new SimulatedHold(limits);
  }

  close(): void {}
}

class SimulatedHold implements WorkerHold {
  readonly guard = {};
  readonly watchedMemory = undefined;

  constructor(public limits: Limits) {}

  apply(_pid: number, limits: Limits): void {
    this.limits = limits;
  }

  usage(): HeldUsage | null {
    return null;
  }

  overMemory(): number | null {
    return null;
  }

  release(): void {}
}
