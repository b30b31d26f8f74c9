import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LaunchOptions } from './launch.js';
import { Violation } from './violation.js';

const SCRIPT = fileURLToPath(new URL('./short-lived-parent.js', import.meta.url));

/**
 * Starts the worker through a parent of its own, kills that parent, and waits until the worker has left: the worker
 * alone then holds the other end of our stderr pipe.
 */
export async function killItsParent(options: LaunchOptions): Promise<void> {
  const parent = spawn(process.execPath, [SCRIPT, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  parent.stderr.on('data', (bytes: Buffer) => {
    told += bytes.toString();
  });
  const released = once(parent.stderr, 'end').then(() => true);
  const limit = new AbortController();
  const late = delay(options.timeout, false, limit).catch(() => false);
  try {
    const first = await Promise.race([once(parent.stdout, 'data'), late, once(parent, 'exit')]);
    const pid = Array.isArray(first) ? Number(String(first[0])) : Number.NaN;
    parent.kill('SIGKILL');
    if (!(pid > 0)) throw new Violation('a worker that becomes READY', told || 'nothing');
    if (await Promise.race([released, late])) return;
    process.kill(pid, 'SIGKILL');
    throw new Violation('the worker to leave after its parent was killed', `still there after ${options.timeout} ms`);
  } finally {
    limit.abort();
  }
}
