/** Something that runs tasks: a body in, the reply out. */
export interface Runner {
  readonly name: string;
  run(body: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What the workers of every runner can do. */
export type Operation = 'echo' | 'sha512';

/** How many workers do what. */
export interface RunnerPlan {
  readonly workers: number;
  readonly operation: Operation;
}
