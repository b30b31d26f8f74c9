import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { constants } from 'node:os';
import type { MapOutcome } from './map-item.js';

/** The columns of GNU parallel's --joblog. */
export const JOB_LOG_HEAD = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n';

/** An item that crashed without an exit code of its own. */
const FAILED = 1;

/** A line of the job log; `command` is what was run for the item. */
export function jobLogLine(outcome: MapOutcome, command: string): string {
  const { item, startedAt, ms, sent, value, exit, status } = outcome;
  const signal = typeof exit === 'string' ? (constants.signals[exit as NodeJS.Signals] ?? 0) : 0;
  const code = typeof exit === 'number' ? exit : status === 'ok' || signal > 0 ? 0 : FAILED;
  const columns = [
    item.sequence,
    ':',
    (startedAt / 1000).toFixed(3),
    (ms / 1000).toFixed(3),
    sent,
    value?.byteLength ?? 0,
    code,
    signal,
    command.replace(/[\t\n]/g, ' '),
  ];
  return `${columns.join('\t')}\n`;
}

/** Writes a line for each item, as it ends. */
export class JobLog {
  readonly #stream: WriteStream;

  private constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  static async create(path: string): Promise<JobLog> {
    const stream = createWriteStream(path);
    await once(stream, 'open');
    stream.write(JOB_LOG_HEAD);
    return new JobLog(stream);
  }

  async add(outcome: MapOutcome, command: string): Promise<void> {
    if (!this.#stream.write(jobLogLine(outcome, command))) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    this.#stream.end();
    await once(this.#stream, 'close');
  }
}
