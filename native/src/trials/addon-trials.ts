import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Support } from '../control-groups/control-group.js';
import { requireLinux } from '../load.js';
import { mapFile } from '../memory-map.js';
import { missing, WORKS } from './support.js';

/** Where files are memory. */
const MEMORY_FOLDER = '/dev/shm';
const PAGE = 4_096;
const EXIT_CODE = 7;
const NO_DESCRIPTOR = -2;

/** Starts a process without a copy of this one's page tables, which is what makes a start slow. */
export function tryFastSpawn(): Support {
  const { binding, guardPath } = requireLinux('capabilities');
  const args = ['ostler-guard', '--', 'sh', '-c', `exit ${EXIT_CODE}`];
  const descriptors = [NO_DESCRIPTOR, NO_DESCRIPTOR, NO_DESCRIPTOR];
  const { pid } = binding.spawn(guardPath, args, [`PATH=${process.env.PATH ?? ''}`], descriptors);
  const { code, signal } = binding.waitForExit(pid);
  return code === EXIT_CODE
    ? WORKS
    : missing(`a process ended with ${signal > 0 ? `signal ${signal}` : code}, not ${EXIT_CODE}`);
}

/** Maps a file of memory, writes to it in one way and reads it in the other. */
export function tryMappedFiles(): Support {
  const path = join(MEMORY_FOLDER, `ostler-trial-${process.pid}`);
  const fd = openSync(path, 'wx+', 0o600);
  try {
    unlinkSync(path);
    writeSync(fd, new Uint8Array(PAGE));
    const memory = mapFile(fd, PAGE);
    if (memory === undefined) return missing('the addon is absent');
    new Uint8Array(memory)[PAGE - 1] = EXIT_CODE;
    const read = new Uint8Array(1);
    readSync(fd, read, 0, 1, PAGE - 1);
    return read[0] === EXIT_CODE ? WORKS : missing(`what was written to memory is not in the file ${MEMORY_FOLDER}`);
  } finally {
    closeSync(fd);
  }
}
