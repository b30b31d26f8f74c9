import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, mapFile, OsControlError } from '@ostler/native';
import { describe, expect, it } from 'vitest';

describe.skipIf(load().binding === undefined)('mapFile', () => {
  it('shares memory with the file in both directions', () => {
    const path = join(tmpdir(), `ostler-map-${process.pid}`);
    const fd = openSync(path, 'wx+');
    unlinkSync(path);
    writeSync(fd, new Uint8Array(4_096));
    const bytes = new Uint8Array(mapFile(fd, 4_096) as ArrayBuffer);
    bytes[4_095] = 7;
    writeSync(fd, Uint8Array.of(9), 0, 1, 0);
    const read = new Uint8Array(1);
    readSync(fd, read, 0, 1, 4_095);
    closeSync(fd);
    expect([bytes[0], read[0]]).toEqual([9, 7]);
  });

  it('names the call and the error where the descriptor is none', () => {
    expect(() => mapFile(1_000_000, 4_096)).toThrow(OsControlError);
    expect(() => mapFile(1_000_000, 4_096)).toThrow('mmap: EBADF');
  });
});
