import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerFile } from './operating-system.js';

/** The file system in memory that every Linux has; elsewhere there is none with a fixed place. */
const MEMORY_FOLDER = '/dev/shm';
/** For Windows: a file that lives shortly, of which the system writes nothing to the disk while it has memory. */
const SHORT_LIVED = 0x1000;

/** Creates a file of `size` zero bytes in memory that only its descriptor leads to, or returns null where that can't be. */
export function createMemoryFile(size: number): LedgerFile | null {
  const folder = memoryFolder();
  if (folder === undefined) return null;
  const path = join(folder, `ostler-${process.pid}-${randomBytes(8).toString('hex')}`);
  const fd = open(path);
  if (fd === null) return null;
  try {
    unlinkSync(path);
    // Written, not only made so long: a store into a page that a full file system can't provide would kill the worker.
    if (writeSync(fd, new Uint8Array(size), 0, size, 0) < size) throw new Error('the file system is full');
  } catch {
    // A full or read-only file system costs the ledger, not the worker: replies are then written one by one.
    closeSync(fd);
    return null;
  }
  return new MemoryFile(fd, size);
}

/** Of Windows' temporary folder, which is the user's own, the file is gone when the last of its descriptors is closed. */
function memoryFolder(): string | undefined {
  if (process.platform === 'linux') return MEMORY_FOLDER;
  return process.platform === 'win32' ? tmpdir() : undefined;
}

function open(path: string): number | null {
  const { O_RDWR, O_CREAT, O_EXCL } = constants;
  const flags = O_RDWR | O_CREAT | O_EXCL;
  try {
    return openSync(path, process.platform === 'win32' ? flags | SHORT_LIVED : flags, 0o600);
  } catch {
    return null; // no /dev/shm, no permission, no descriptor left: the worker goes without
  }
}

class MemoryFile implements LedgerFile {
  #open = true;

  constructor(
    readonly fd: number,
    readonly size: number,
  ) {}

  read(target: Uint8Array, position: number): number {
    return this.#open ? readSync(this.fd, target, 0, target.byteLength, position) : 0;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.fd);
  }
}
