import { existsSync } from 'node:fs';
import { errorName, type OsControlError } from '@ostler/native';
import type { SpawnError, SpawnRequest } from './operating-system.js';

/** The system says ENOENT for a missing executable and for a missing working directory alike. */
export function explainSpawnError(error: SpawnError, { cwd }: SpawnRequest): SpawnError {
  if (error.code !== 'ENOENT' || cwd === undefined || existsSync(cwd)) return error;
  return missingFolder(cwd, error);
}

/** The calls, of Linux and of Windows, by which a guard starts a program and goes to a folder. */
const STARTS = ['execve', 'CreateProcessW'];
const GOES_TO_FOLDER = ['chdir', 'SetCurrentDirectoryW'];

/** What a guard says of a start that failed, as Node would say it. */
export function guardError(cause: OsControlError, { command, cwd }: SpawnRequest): SpawnError {
  const code = errorName(cause.errno);
  if (GOES_TO_FOLDER.includes(cause.syscall) && cwd !== undefined && code === 'ENOENT')
    return missingFolder(cwd, cause);
  const isProgram = STARTS.includes(cause.syscall);
  return Object.assign(new Error(isProgram ? `spawn ${command[0]} ${code}` : cause.message, { cause }), { code });
}

function missingFolder(cwd: string, cause: Error): SpawnError {
  return Object.assign(new Error(`the working directory ${cwd} does not exist`, { cause }), { code: 'ENOENT' });
}
