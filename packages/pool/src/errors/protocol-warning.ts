import { oneLine } from './one-line.js';
import { OstlerError } from './ostler-error.js';
import { workerInWords } from './task-error.js';

/** Tells of a worker that broke the protocol while no task of its own was there to fail. */
export function protocolWarning(
  { message, excerpt }: { message: string; excerpt: string },
  pool: string,
  pid: number | undefined,
): OstlerError {
  const found = excerpt === '' ? '' : `; found there: ${oneLine(excerpt)}`;
  return new OstlerError(
    `${pool}: ${workerInWords(pid)} broke the protocol: ${oneLine(message)}${found}`,
    'ERR_PROTOCOL',
  );
}

/** Tells of a filter that sleeps over a line, which is seldom meant. */
export function stallWarning(pool: string, pid: number | undefined): OstlerError {
  const cause = 'most programs hold their answers back when stdout is no terminal, until they are told not to';
  return new OstlerError(
    `${pool}: ${workerInWords(pid)} sleeps though it has a line to answer: ${cause} (--unbuffered, -u, stdbuf -oL PROGRAM)`,
    'ERR_PROTOCOL',
  );
}
