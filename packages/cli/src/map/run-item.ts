import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import {
  OstlerError,
  PoolClosedError,
  type ProcessPool,
  QueueFullError,
  type TaskCost,
  TaskFailedError,
  WorkerCrashedError,
  WorkerStartError,
} from '@ostler/pool';
import type { MapItem, MapOutcome } from './map-item.js';

/** How an item is given to the pool. */
export interface ItemOptions {
  /** The input names a file, whose content is the body. */
  readonly files: boolean;
  /** Inputs go into arguments, which are text; otherwise they may be any bytes. */
  readonly text: boolean;
  /** Run time and memory are wanted: that costs several system calls for each. */
  readonly measured: boolean;
  /** The number of the item goes into the arguments of a command. */
  readonly numbered: boolean;
}

/** Runs one item. Resolves also where it failed; 'stopped' where the pool was closed before its end; rejects where no worker can be started. */
export async function runItem(pool: ProcessPool, item: MapItem, options: ItemOptions): Promise<MapOutcome | 'stopped'> {
  const startedAt = Date.now();
  const failed = (reason: string): MapOutcome => ({ ...nothingOf(item, startedAt), reason });
  const bad = options.text ? notText(item.input) : undefined;
  if (bad !== undefined) return failed(bad);
  let body = item.input;
  try {
    if (options.files) body = await readFile(Buffer.from(item.input));
  } catch (error) {
    return failed((error as Error).message);
  }
  return submit(pool, { item, body, startedAt, options });
}

interface Job {
  readonly item: MapItem;
  readonly body: Uint8Array;
  readonly startedAt: number;
  readonly options: ItemOptions;
}

async function submit(pool: ProcessPool, job: Job): Promise<MapOutcome | 'stopped'> {
  const { item, body, startedAt, options } = job;
  let cost: TaskCost | undefined;
  const onCost = (told: TaskCost): void => {
    cost = told;
  };
  const measured = () => ({ ms: cost?.runMs ?? 0, peakMemory: cost?.peakMemory ?? null, sent: body.byteLength });
  try {
    const value = await pool.run(body, {
      ...(options.measured && { onCost }),
      ...(options.numbered && { metadata: { sequence: String(item.sequence) } }),
    });
    await Promise.resolve(); // the cost is told when the event is over
    return { ...nothingOf(item, startedAt), status: 'ok', reason: undefined, value, exit: 0, ...measured() };
  } catch (error) {
    if (error instanceof QueueFullError) {
      await pool.room();
      return submit(pool, job);
    }
    if (error instanceof PoolClosedError) return 'stopped';
    if (!(error instanceof OstlerError) || error instanceof WorkerStartError) throw error;
    return { ...nothingOf(item, startedAt), reason: reasonOf(error), ...endOf(error), ...measured() };
  }
}

function nothingOf(item: MapItem, startedAt: number): MapOutcome {
  return {
    item,
    status: 'failed',
    value: undefined,
    reason: undefined,
    exit: null,
    stderrTail: '',
    startedAt,
    ms: 0,
    peakMemory: null,
    sent: 0,
  };
}

/** What a worker itself says of a failure needs no names of pool and task: the list of failures has the input. */
function reasonOf(error: OstlerError): string {
  if (!(error instanceof TaskFailedError)) return error.message;
  const { name, message } = error.remote;
  return name === 'ExitCodeError' ? message : `${name}: ${message}`;
}

/** How the process of a failed task ended, if one did. */
function endOf(error: OstlerError): Pick<MapOutcome, 'exit' | 'stderrTail'> {
  if (error instanceof WorkerCrashedError) {
    return { exit: error.exit.signal ?? error.exit.exitCode, stderrTail: error.stderrTail };
  }
  const data = error instanceof TaskFailedError ? (error.remote.data ?? {}) : {};
  return {
    exit: typeof data.exitCode === 'number' ? data.exitCode : null,
    stderrTail: typeof data.stderrTail === 'string' ? data.stderrTail : '',
  };
}

function notText(input: Uint8Array): string | undefined {
  if (isUtf8(input)) return undefined;
  const at = firstBad(input);
  const byte = (input[at] as number).toString(16).padStart(2, '0');
  return `the input goes into arguments and is not UTF-8: byte ${at} is 0x${byte}`;
}

/** Where the first character begins that is none. */
function firstBad(input: Uint8Array): number {
  let at = 0;
  for (;;) {
    const length = [1, 2, 3, 4].find((bytes) => isUtf8(input.subarray(at, at + bytes)));
    if (length === undefined) return at;
    at += length;
  }
}
