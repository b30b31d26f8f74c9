import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidOptionError } from '../errors.js';

/** Where a worker's code is. */
export interface CodePlace {
  command: readonly string[];
  /** Undefined for our own. */
  cwd: string | undefined;
  /** The file of the option `worker`. */
  file: string | undefined;
}

/** The files and folders that `dev.watch` means: those that are named, or the folder of the worker's script; without one, its working directory. */
export function watchedPaths(watch: boolean | readonly string[], place: CodePlace): string[] {
  if (watch === false) return [];
  const cwd = place.cwd ?? process.cwd();
  if (watch !== true) return watch.map((path, index) => existing(resolve(cwd, path), `dev.watch[${index}]`));
  const [, ...args] = place.command;
  const script = place.file ?? args.map((word) => resolve(cwd, word)).find(isFile);
  return [script === undefined ? cwd : dirname(script)];
}

function existing(path: string, option: string): string {
  if (existsSync(path)) return path;
  throw new InvalidOptionError({ option, value: path, expected: 'a file or folder that exists' });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
