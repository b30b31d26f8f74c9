import { requireWindows } from './load.js';
import { asOsControl } from './os-control-error.js';

/**
 * New memory of `size` zero bytes that other processes of this user can open by its name (`Local\\…`: of this session) as
 * long as anybody has it open; it is given back when nothing refers to the buffer any more. Windows only: elsewhere `mapFile`.
 * Throws an OsControlError: EEXIST for a name that is in use, ENOSYS on other systems. See CreateFileMapping.
 */
export function createSharedMemory(name: string, size: number): ArrayBuffer {
  const { binding } = requireWindows('createSharedMemory');
  return asOsControl(() => binding.createMemory(checkName(name), checkSize(size)), { about: name });
}

/** Memory that somebody else has created. As `createSharedMemory`; ENOENT for a name that nobody has open, EACCES for more bytes than there are. */
export function openSharedMemory(name: string, size: number): ArrayBuffer {
  const { binding } = requireWindows('openSharedMemory');
  return asOsControl(() => binding.openMemory(checkName(name), checkSize(size)), { about: name });
}

function checkName(name: string): string {
  if (typeof name === 'string' && /^[^\0]+$/.test(name)) return name;
  throw new RangeError(`name: expected a text without NUL, got ${JSON.stringify(name)}`);
}

function checkSize(size: number): number {
  if (Number.isSafeInteger(size) && size > 0) return size;
  throw new RangeError(`size: expected a positive integer, got ${String(size)}`);
}
