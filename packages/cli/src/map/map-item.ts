/** One input: a line, a word, or the name of a file whose content is the body. */
export interface MapItem {
  /** Counts from 1. */
  readonly sequence: number;
  readonly input: Uint8Array;
}

/** What became of an item. */
export interface MapOutcome {
  readonly item: MapItem;
  readonly status: 'ok' | 'failed';
  /** Undefined where it failed. */
  readonly value: Uint8Array | undefined;
  /** Why it failed, in one line; undefined where it did not. */
  readonly reason: string | undefined;
  /** Exit code, or the name of the signal; null where no process ended. */
  readonly exit: number | string | null;
  readonly stderrTail: string;
  /** Unix milliseconds, and milliseconds of run time. */
  readonly startedAt: number;
  readonly ms: number;
  /** Bytes, null where it is not known. */
  readonly peakMemory: number | null;
  /** Bytes of the body. */
  readonly sent: number;
}
