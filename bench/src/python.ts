import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The interpreter itself: what is called python3 on PATH may be a script that starts slowly. */
export interface Python {
  readonly executable: string;
  readonly version: string;
}

const ASK = 'import platform, sys; print(sys.executable, platform.python_version(), sep="\\n")';

/** The Python worker whose speed is measured. */
export const PYTHON_WORKER = fileURLToPath(new URL('../../apps/worker-python/main.py', import.meta.url));

/** OSTLER_PYTHON, or else `python3` on PATH; rejects where neither runs. */
export async function findPython(): Promise<Python> {
  const file = process.env.OSTLER_PYTHON ?? 'python3';
  try {
    const { stdout } = await promisify(execFile)(file, ['-c', ASK]);
    const [executable = file, version = ''] = stdout.trim().split(/\r?\n/);
    return { executable, version };
  } catch (error) {
    throw new Error(`${file} cannot be run; OSTLER_PYTHON may name another Python 3.9 or newer`, { cause: error });
  }
}
