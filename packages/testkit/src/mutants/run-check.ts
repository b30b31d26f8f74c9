import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Finding } from './mutant.js';

const CHILD = fileURLToPath(new URL('./check-child.js', import.meta.url));
/** Milliseconds after which a check is stopped: a bug may make the code run in circles. The checks of sound code take a tenth. */
const TIME_OUT = 120_000;
const ENDLESS: Finding = { property: 'the code comes to an end', by: 'the clock' };

/** Runs a checker on a compiled copy, in a process of its own. Throws where the checker itself fails. */
export async function runCheck(checker: URL, folder: URL): Promise<Finding | null> {
  const child = fork(CHILD, [checker.href, folder.href], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint += text;
  });
  let finding: Finding | null | undefined;
  let isLate = false;
  child.on('message', (message) => {
    finding = message as Finding | null;
  });
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, TIME_OUT);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(timer);
  if (isLate) return ENDLESS;
  if (finding === undefined)
    throw new Error(`the check of ${folder} ended with ${signal ?? code} and found nothing out: ${complaint}`);
  return finding;
}
