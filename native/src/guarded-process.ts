import { type GuardedCommand, type GuardedListener, type GuardedProcess, refuseNul } from './guarded-command.js';
import { SignalledGuard } from './linux/signalled-guard.js';
import { requireAddon } from './load.js';
import { JobGuard } from './windows/job-guard.js';

/**
 * Starts a process under a guard (`ostler-guard`), in a session of its own, without the pause that a fork of a large
 * process is. Throws an OsControlError where the addon is absent or the system refuses at once (EAGAIN, EMFILE).
 */
export function spawnGuarded(command: GuardedCommand, listener: GuardedListener): GuardedProcess {
  const { guardPath } = requireAddon('spawnGuarded');
  refuseNul(command);
  const start = { command, listener };
  return process.platform === 'win32' ? new JobGuard(guardPath, start) : new SignalledGuard(guardPath, start);
}
