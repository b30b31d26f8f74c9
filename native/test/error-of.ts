import type { OsControlError } from '@ostler/native';

/** What a call throws. */
export function errorOf(call: () => unknown): OsControlError {
  try {
    call();
  } catch (error) {
    return error as OsControlError;
  }
  throw new Error('expected an error');
}
