import { spawnSync } from 'node:child_process';

const ASK = 'import sys; print(sys.executable if sys.version_info >= (3, 9) else "")';

/** The interpreter itself: OSTLER_PYTHON, or else `python3` on PATH, which may be a slow shim; undefined without one. */
export function findPython(): string | undefined {
  const { status, stdout } = spawnSync(process.env.OSTLER_PYTHON || 'python3', ['-c', ASK], { encoding: 'utf8' });
  return (status === 0 && stdout.trim()) || undefined;
}
