import { pbkdf2 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRendezvous } from '../dist/rendezvous.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostler-rendezvous-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Keeps every thread of libuv's pool at work, so that what is asked for next waits for one. */
function occupyThreads(): Promise<unknown> {
  const work = Array.from({ length: 8 }, () => promisify(pbkdf2)('password', 'salt', 20_000, 64, 'sha512'));
  return Promise.all(work);
}

describe('a rendezvous', () => {
  it('can be closed though nobody came, before a thread was free to open it', async () => {
    const busy = occupyThreads();
    const place = createRendezvous(join(folder, 'fifo'), () => {});
    await place.close();
    await busy;
    expect(place.met).toBe(process.platform !== 'win32'); // a FIFO's own closing is its only guest
  });

  it.skipIf(process.platform === 'win32')('gives its guest a text, and ends (needs FIFOs)', async () => {
    const place = createRendezvous(join(folder, 'fifo'), () => {});
    const text = readFile(place.path, 'utf8');
    await place.release('go');
    expect(await text).toBe('go');
    await place.close();
  });
});
