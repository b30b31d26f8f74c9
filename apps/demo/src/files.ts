import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A regular file; `name` is its path relative to the folder, with forward slashes. */
export interface FoundFile {
  path: string;
  name: string;
  size: number;
  modifiedMs: number;
}

/** Walks a folder without following links; unreadable folders are passed over. Ends early after `limit` files. */
export async function* findFiles(folder: string, limit: number): AsyncGenerator<FoundFile> {
  const waiting = [folder];
  let found = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const parent = next;
    const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(parent, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) {
        const stats = await lstat(path).catch(() => undefined);
        if (stats === undefined) continue;
        const name = relative(folder, path).replaceAll('\\', '/');
        yield { path, name, size: stats.size, modifiedMs: stats.mtimeMs };
        if (++found === limit) return;
      }
    }
  }
}

/** The same items in an order in which every beginning is a fair sample of the whole: steps of the golden ratio. */
export function spread<T>(items: readonly T[]): T[] {
  let step = Math.max(1, Math.round(items.length * 0.618));
  while (greatestDivisor(step, items.length) !== 1) step += 1;
  return items.map((_, index) => items[(index * step) % items.length] as T);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Whether a file is no longer what was found, so that another digest of it proves nothing. */
export async function hasChanged(file: FoundFile): Promise<boolean> {
  const stats = await lstat(file.path).catch(() => undefined);
  return stats === undefined || stats.size !== file.size || stats.mtimeMs !== file.modifiedMs;
}

/** The contents of files, in order, with a few reads under way; one that has become unreadable reads as empty. */
export async function* readAhead(files: Iterable<FoundFile>, depth = 8): AsyncGenerator<Uint8Array> {
  const reads: Promise<Uint8Array>[] = [];
  for (const file of files) {
    reads.push(readFile(file.path).catch(() => new Uint8Array()));
    if (reads.length >= depth) yield (await reads.shift()) as Uint8Array;
  }
  for (const read of reads) yield await read;
}
