import {
  BodyTooLargeError,
  OstlerError,
  TaskFailedError,
  TaskTimeoutError,
  WorkerCrashedError,
  WorkerStartError,
} from '@ostler/pool';
import type { End } from './fault-table.js';

/** An error as the table names it: its code, and what tells it from others with that code. */
export function describeEnd(error: unknown): End {
  if (!(error instanceof OstlerError)) return `no OstlerError: ${error}`;
  const detail = detailOf(error);
  return detail === undefined ? error.code : `${error.code} (${detail})`;
}

function detailOf(error: OstlerError): string | undefined {
  if (error instanceof TaskFailedError) return error.remote.name;
  if (error instanceof TaskTimeoutError || error instanceof WorkerStartError) return error.phase;
  if (error instanceof BodyTooLargeError) return error.direction;
  if (!(error instanceof WorkerCrashedError)) return undefined;
  if (error.unresponsive) return 'unresponsive';
  if (error.oom !== null) return 'out of memory';
  return error.exit.signal ?? `exit ${error.exit.exitCode}`;
}
