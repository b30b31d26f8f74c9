import { constants } from 'node:os';
import { OsControlError } from '../os-control-error.js';

type ErrorName = keyof typeof constants.errno;

/** Whether an error is the system's refusal for one of these reasons. */
export function isRefusal(error: unknown, ...names: ErrorName[]): boolean {
  return error instanceof OsControlError && names.some((name) => constants.errno[name] === error.errno);
}

/** Does something that the system may refuse for one of these reasons; says whether it was done. */
export function doneUnless(names: readonly ErrorName[], action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (isRefusal(error, ...names)) return false;
    throw error;
  }
}
