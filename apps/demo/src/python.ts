import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** How to start a Python worker, or why there can be none. */
export type Python = { command: readonly [string, ...string[]] } | { missing: string };

const WORKER = fileURLToPath(new URL('../../worker-python/main.py', import.meta.url));
const CHECK = 'import sys; sys.exit(sys.version_info < (3, 9))';

/** Looks for Python 3.9 or newer: OSTLER_PYTHON, or else `python3` or `python` on PATH. */
export async function findPython(): Promise<Python> {
  if (!existsSync(WORKER)) return { missing: `${WORKER} is not there` };
  const chosen = process.env.OSTLER_PYTHON;
  const candidates = chosen ? [chosen] : ['python3', 'python'];
  for (const file of candidates) if (await runs(file)) return { command: [file, WORKER] };
  return { missing: `no Python 3.9 or newer found (tried ${candidates.join(' and ')})` };
}

async function runs(file: string): Promise<boolean> {
  const child = spawn(file, ['-c', CHECK], { stdio: 'ignore', windowsHide: true });
  try {
    return (await once(child, 'exit'))[0] === 0;
  } catch {
    return false; // It could not be started at all: not there, or not to be executed.
  }
}
