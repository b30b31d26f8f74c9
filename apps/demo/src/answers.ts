import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type FoundFile, findFiles, hasChanged, spread } from './files.js';

/** A file with the digest that every worker must find, by this process's own node:crypto. */
export interface KnownFile extends FoundFile {
  digest: Buffer;
}

/** The files of the demo with their answers, and what it took this process to hash them. */
export interface Answers {
  files: KnownFile[];
  bytes: number;
  ms: number;
  found: number;
  unreadable: number;
}

/** Bounds for a demo that shall not last: how many files are looked for, how large, how long the hashing takes. */
export interface Bounds {
  files: number;
  fileSize: number;
  ms: number;
}

export const EVERYTHING: Bounds = { files: Infinity, fileSize: 2 ** 30, ms: Infinity };
export const HALF_A_MINUTE: Bounds = { files: 200_000, fileSize: 16_000_000, ms: 2_500 };

/** Finds the files of a folder and hashes a fair sample of them, or all; `onProgress` is told how many are done. */
export async function findAnswers(
  folder: string,
  bounds: Bounds,
  onProgress: (found: number, done: number) => void,
): Promise<Answers> {
  const found: FoundFile[] = [];
  for await (const file of findFiles(folder, bounds.files)) {
    found.push(file);
    onProgress(found.length, 0);
  }
  const answers: Answers = { files: [], bytes: 0, ms: 0, found: found.length, unreadable: 0 };
  const startedAt = performance.now();
  for (const file of spread(found.filter((one) => one.size <= bounds.fileSize))) {
    const body = await readFile(file.path).catch(() => undefined);
    if (body === undefined) answers.unreadable += 1;
    else {
      answers.files.push({ ...file, digest: createHash('sha512').update(body).digest() });
      answers.bytes += body.length;
    }
    answers.ms = performance.now() - startedAt;
    onProgress(found.length, answers.files.length);
    if (answers.ms > bounds.ms) break;
  }
  return answers;
}

/** Compares the workers' digests with the answers. */
export class Verdict {
  right = 0;
  readonly #differing: KnownFile[] = [];

  check(file: KnownFile, digest: Uint8Array): void {
    if (file.digest.equals(digest)) this.right += 1;
    else this.#differing.push(file);
  }

  /** The files with a wrong digest; a file that somebody has changed since is none of the workers' business. */
  async wrong(): Promise<string[]> {
    const changed = await Promise.all(this.#differing.map(hasChanged));
    return this.#differing.filter((_, index) => !changed[index]).map((file) => file.name);
  }
}
