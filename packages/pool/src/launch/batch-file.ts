import { existsSync, readFileSync } from 'node:fs';
import { basename, delimiter, dirname, extname, join, resolve, sep } from 'node:path';
import { InvalidOptionError } from '../errors.js';
import type { Surroundings } from './surroundings.js';

/** In this order does Windows look for a command that is named without its extension. */
const EXTENSIONS = ['.com', '.exe', '.bat', '.cmd'];

/** Batch files run in a shell, which takes arguments apart again: they are refused, with the program that they start. */
export function refuseBatchFile(
  [file, ...args]: readonly [string, ...string[]],
  surroundings: Pick<Surroundings, 'env' | 'platform'>,
): void {
  if (!isBatchFile(file) && surroundings.platform !== 'win32') return;
  const found = find(file, surroundings);
  const isBatch = isBatchFile(file) || (found !== undefined && isBatchFile(found));
  if (!isBatch) return;
  const instead = found === undefined ? undefined : (installedProgram(found, args) ?? startedProgram(found, args));
  const advice =
    instead === undefined
      ? "name the program that it starts, as in [process.execPath, 'script.js']"
      : `name what it starts: ${instead}`;
  const what = found === undefined || found === file ? '' : ` (${found})`;
  const problem = `'${file}'${what} is a batch file, which only a shell can run, and there is none here; ${advice}`;
  throw new InvalidOptionError({ option: 'command', value: file, problem });
}

/** Windows drops dots and spaces at the end of a name. */
function isBatchFile(file: string): boolean {
  return /\.(cmd|bat)[. ]*$/i.test(file);
}

function find(file: string, { env, platform }: Pick<Surroundings, 'env' | 'platform'>): string | undefined {
  const isBare = !/[\\/]/.test(file);
  const path = env.PATH ?? env.Path ?? '';
  const folders = isBare ? path.split(delimiter).filter((folder) => folder !== '') : ['.'];
  const extensions = platform === 'win32' && extname(file) === '' ? EXTENSIONS : [''];
  for (const folder of folders) {
    for (const extension of extensions) {
      const candidate = resolve(folder, `${file}${extension}`);
      if (existsSync(candidate)) return candidate;
    }
  }
  return undefined;
}

/** What `npx NAME` would start where that is installed: the waiting for npx, and its asking, are in nobody's interest. */
function installedProgram(npx: string, args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => !word.startsWith('-'));
  const name = args[at];
  if (!/^npx\./i.test(basename(npx)) || name === undefined || /[\\/@]/.test(name)) return undefined;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const batchFile = join(folder, 'node_modules', '.bin', `${name}.cmd`);
    const program = existsSync(batchFile) ? startedProgram(batchFile, args.slice(at + 1)) : undefined;
    if (program !== undefined || folder === dirname(folder)) return program;
  }
}

/** The command of what the batch files that package managers write start: a script, or an executable. */
function startedProgram(batchFile: string, args: readonly string[]): string | undefined {
  const text = readText(batchFile);
  const variable = /"%(\w+)%"\s+%\*/.exec(text)?.[1];
  const place = String.raw`%(?:~dp0|dp0%)\\?([^"%]+\.([cm]?js|exe))"`;
  // npm's own files keep the script in a variable.
  const pattern = variable === undefined ? `"${place}\\s+%\\*` : `SET "${variable}=${place}`;
  const match = new RegExp(pattern, 'i').exec(text);
  if (match === null) return undefined;
  const [, relative, extension] = match as unknown as [string, string, string];
  const program = join(dirname(batchFile), relative.split('\\').join(sep));
  const words = [program, ...args].map((word) => JSON.stringify(word)).join(', ');
  return extension.toLowerCase() === 'exe' ? `[${words}]` : `[process.execPath, ${words}]`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // not ours to read: then the advice is a general one
  }
}
