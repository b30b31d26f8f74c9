import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { type GuardLimits, guardOptions } from './guard-limits.js';
import { load } from './load.js';
import { errorNumber, OsControlError } from './os-control-error.js';

/** No program: the guard refuses to start it only when every limit has been set. */
const NOTHING = '/';

/**
 * What keeps a guarded process from being started under these limits, or null: found by a start that comes as far as its
 * last step. Takes some milliseconds, and ENOSYS where the addon is absent.
 */
export function refusedLimit(limits: GuardLimits): OsControlError | null {
  const loaded = load();
  if (loaded.binding === undefined) {
    return new OsControlError({ syscall: 'spawnGuarded', errno: constants.errno.ENOSYS, about: loaded.reason });
  }
  const { stderr, error } = spawnSync(loaded.guardPath, [...guardOptions({ limits }), '--', NOTHING], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error !== undefined) throw error;
  const [, syscall, errno = '', about] = /failed (\S+) (\S+) ?(.*)/.exec(stderr) ?? [];
  if (syscall === undefined) throw new Error(`the guard said neither yes nor no: ${JSON.stringify(stderr)}`);
  return syscall === 'execve'
    ? null
    : new OsControlError({ syscall, errno: errorNumber(errno), about: about || undefined });
}
