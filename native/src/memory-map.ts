import { load, requireLinux } from './load.js';
import { asOsControl } from './os-control-error.js';

/**
 * The first `size` bytes of an open file as memory that is shared with whoever maps the same file; see mmap(2). It is
 * unmapped when nothing refers to the buffer any more. Undefined where the addon is absent; throws an OsControlError,
 * ENOSYS on Windows: see `createSharedMemory`.
 */
export function mapFile(fd: number, size: number): ArrayBuffer | undefined {
  if (load().binding === undefined) return undefined;
  const { binding } = requireLinux('mapFile');
  return asOsControl(() => binding.mapFile(fd, size));
}
