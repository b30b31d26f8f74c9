import type { Temperament } from './scenario.js';

/** What makes a worker unfit, so that what it was given may suffer. */
export type Fault = 'died' | 'closed' | 'stopped' | 'mute' | 'protocol' | 'pressed';

/** All that is known of one process of the world. */
export class ProcessRecord {
  readonly faults = new Set<Fault>();
  /** The pool was told of its exit. */
  exitTold = false;
  /** The pool was told that its task channel has ended. */
  channelEnded = false;
  /** Whose task it ran last. */
  tenant: string | undefined;
  /** The task that it runs. */
  running: number | undefined;
  /** When it was about to say READY, and when the pool killed it, by the clock of the world. */
  readyAt = Infinity;
  killedAt = Infinity;

  constructor(
    readonly pid: number,
    readonly temperament: Temperament,
    readonly hasLedger: boolean,
    readonly bornAt: number,
  ) {}

  /** It had its time to start, was not ready within it, and was killed for that. */
  startedTooLate(startTimeout: number): boolean {
    const end = this.bornAt + startTimeout;
    return this.killedAt < Infinity && this.killedAt >= end && this.readyAt >= end;
  }
}
