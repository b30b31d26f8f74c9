import type { EncodedValue } from '@ostler/protocol';
import { Admission } from './admission.js';
import { InvalidOptionError } from './errors.js';
import type { Lifeline } from './lifeline.js';
import { checkRunOptions } from './options/call-options.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import type { Body, Outcome, RunOptions } from './run-options.js';
import type { Shell } from './shell.js';
import { PendingBatch } from './tasks/batch.js';
import { bodySize, isBody } from './tasks/body.js';
import { PendingTask, type TaskCaller, type TaskInput } from './tasks/pending-task.js';
import { ValueCaller } from './tasks/value-caller.js';

const REFUSED = -1;

/** How tasks come in: what a caller gave is checked, made a task or a batch, and goes to the shell; or its caller is told why not. */
export class Intake {
  readonly #options: ResolvedOptions;
  readonly #shell: Shell;
  readonly #lifeline: Lifeline;
  readonly #admission: Admission;

  constructor(options: ResolvedOptions, parts: { shell: Shell; lifeline: Lifeline }) {
    this.#options = options;
    this.#shell = parts.shell;
    this.#lifeline = parts.lifeline;
    this.#admission = new Admission(options, parts.shell.scheduler);
  }

  /** From now on every task is refused. */
  close(): void {
    this.#admission.close();
  }

  /** Returns the task's slot, or -1 where it was refused and its caller told; fills `bytes` in. Throws for options that are none. */
  submit(input: TaskInput, caller: TaskCaller): number {
    const { body, options } = input;
    if (options !== undefined) checkRunOptions(options);
    input.bytes = isBody(body) ? bodySize(body) : 0;
    const admission = this.#admission;
    const refusal = admission.bodyError(body, 'body', input.bytes) ?? admission.refusal(input.bytes, 1, options);
    if (refusal !== undefined) {
      caller.reject(refusal);
      return REFUSED;
    }
    return this.#enqueue(new PendingTask(input, caller, this.#options.tasks));
  }

  /** A value, or why it could not be made bytes. */
  call<T>(encoded: EncodedValue | Error, options: RunOptions): Promise<T> {
    if (encoded instanceof Error) return Promise.reject(encoded);
    return new Promise((resolve, reject) => {
      const caller = new ValueCaller((reply) => resolve(reply as T), reject);
      this.submit({ ...encoded, bytes: 0, options }, caller);
    });
  }

  async runMany(bodies: readonly Body[], options: RunOptions | undefined): Promise<Outcome[]> {
    checkRunOptions(options);
    if (!Array.isArray(bodies))
      throw new InvalidOptionError({ option: 'bodies', value: bodies, expected: 'an array of strings or Uint8Arrays' });
    for (const [index, body] of bodies.entries()) {
      const error = this.#admission.bodyError(body, `bodies[${index}]`);
      if (error !== undefined) throw error;
    }
    if (bodies.length === 0) return [];
    return new Promise((resolve, reject) => {
      const batch = new PendingBatch(bodies, options, this.#options.tasks, (outcomes) => {
        this.#lifeline.release();
        resolve(outcomes);
      });
      const refusal = this.#admission.refusal(batch.bytes, bodies.length, options);
      if (refusal !== undefined) reject(refusal);
      else this.#enqueue(batch);
    });
  }

  #enqueue(task: PendingTask | PendingBatch): number {
    const slot = this.#shell.submit(task);
    const signal = task.options?.signal;
    if (signal !== undefined && this.#shell.tasks.isPending(slot, task)) {
      task.onAbort = () => this.#shell.abort(slot);
      signal.addEventListener('abort', task.onAbort, { once: true });
    }
    return slot;
  }
}
