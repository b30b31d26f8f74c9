import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { type GuardLimits, guardOptions } from './guard-limits.js';
import { guardFailure } from './guard-reports.js';
import { load } from './load.js';
import { OsControlError } from './os-control-error.js';

/** No program: the guard refuses to start it only when every limit has been set. */
const NOTHING = '/';
const NO_PROGRAM = 'execve';

/**
 * What keeps a guarded process from being started under these limits, or null: found by a start that comes as far as its
 * last step; on Windows, where limits are set last, by one that does nothing. Takes some milliseconds, and ENOSYS where the addon is absent.
 */
export function refusedLimit(limits: GuardLimits): OsControlError | null {
  const loaded = load();
  if (loaded.binding === undefined) {
    return new OsControlError({ syscall: 'spawnGuarded', errno: constants.errno.ENOSYS, about: loaded.reason });
  }
  const idle = process.platform === 'win32' ? [loaded.guardPath, '--help'] : [NOTHING];
  const { status, stderr, error } = spawnSync(loaded.guardPath, [...guardOptions({ limits }), '--', ...idle], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  if (error !== undefined) throw error;
  if (status === 0) return null;
  const [, syscall, number = '', about] = /failed (\S+) (\S+) ?(.*)/.exec(stderr) ?? [];
  if (syscall === undefined) throw new Error(`the guard said neither yes nor no: ${JSON.stringify(stderr)}`);
  return syscall === NO_PROGRAM ? null : guardFailure(syscall, number, about || undefined);
}
