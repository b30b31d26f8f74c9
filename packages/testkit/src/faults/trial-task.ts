import { createHash } from 'node:crypto';
import type { ProcessPool, RunOptions } from '@ostler/pool';
import { describeEnd } from './describe-end.js';
import type { End } from './fault-table.js';

/** A task of a cell, from its submission on. */
export interface TrialTask {
  readonly name: string;
  /** How it ended; undefined as long as its promise is pending. */
  end: End | undefined;
  readonly settled: Promise<void>;
}

/** Runs a task under a name that the worker notes when it begins. `check` names what is wrong with a reply. */
export function submit(
  pool: ProcessPool,
  task: { name: string; body: string | Uint8Array; check?: (reply: Uint8Array) => End } & RunOptions,
): TrialTask {
  const { name, body, check = () => 'ok', ...options } = task;
  const reply = pool.run(body, { ...options, idempotencyKey: name });
  const trial: TrialTask = {
    name,
    end: undefined,
    settled: reply.then(check, describeEnd).then((end) => {
      trial.end = end;
    }),
  };
  return trial;
}

/** An honest task: the digest of what was sent is compared. */
export function submitGood(pool: ProcessPool, name: string): TrialTask {
  const digest = createHash('sha512').update(name).digest();
  const check = (reply: Uint8Array): End => (digest.equals(reply) ? 'ok' : 'a wrong digest');
  return submit(pool, { name, body: name, handler: 'sha512', check });
}
