/** What all workers of a pool have in common. */
export interface WorkerOptions {
  readonly protocol: 'frames' | 'lines' | 'exec';
  readonly command: readonly [file: string, ...args: string[]];
  readonly cwd: string | undefined;
  /** What the worker inherits, as it is. */
  readonly inheritedEnv: Readonly<Record<string, string>>;
  /** Added to it; `{slot}` in a value stands for the worker's slot. */
  readonly env: Readonly<Record<string, string>>;
  readonly poolName: string;
  /** JSON, or undefined for none. */
  readonly initData: Uint8Array | undefined;
  /** Bytes of the largest body, in either direction. */
  readonly maxBodySize: number;
  /** Tasks that one worker is to run at once. */
  readonly concurrency: number;
}
