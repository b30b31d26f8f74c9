import { existsSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import type { OsControlError } from '@ostler/native';
import type { SpawnError, SpawnRequest } from './operating-system.js';

/** The system says ENOENT for a missing executable and for a missing working directory alike. */
export function explainSpawnError(error: SpawnError, { cwd }: SpawnRequest): SpawnError {
  if (error.code !== 'ENOENT' || cwd === undefined || existsSync(cwd)) return error;
  return missingFolder(cwd, error);
}

/** What a guard says of a start that failed, as Node would say it. */
export function guardError(cause: OsControlError, { command, cwd }: SpawnRequest): SpawnError {
  const code = getSystemErrorName(-cause.errno);
  if (cause.syscall === 'chdir' && cwd !== undefined && code === 'ENOENT') return missingFolder(cwd, cause);
  const isProgram = cause.syscall === 'execve';
  return Object.assign(new Error(isProgram ? `spawn ${command[0]} ${code}` : cause.message, { cause }), { code });
}

function missingFolder(cwd: string, cause: Error): SpawnError {
  return Object.assign(new Error(`the working directory ${cwd} does not exist`, { cause }), { code: 'ENOENT' });
}
