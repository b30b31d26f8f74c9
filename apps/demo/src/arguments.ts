import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run demo -- [FOLDER] [--workers N] [--all]

  FOLDER       whose files are hashed; default: this project with its node_modules
  --workers N  worker processes of a pool; default: as many as there are CPUs
  --all        every file, however long it takes; default: what about 30 seconds allow`;

/** What the user asked for; `workers` is undefined for "as many as there are CPUs". */
export interface Arguments {
  folder: string;
  workers: number | undefined;
  all: boolean;
  help: boolean;
}

export class UsageError extends Error {}

/** Reads the command line; a relative FOLDER is one from `cwd`. Throws a UsageError. */
export function readArguments(argv: readonly string[], { cwd, home }: { cwd: string; home: string }): Arguments {
  const options = { workers: { type: 'string' }, all: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    if (positionals.length > 1) throw new UsageError(`one FOLDER at most, got ${positionals.join(' ')}`);
    const folder = positionals[0] === undefined ? home : resolve(cwd, positionals[0]);
    return { folder, workers: readWorkers(values.workers), all: values.all ?? false, help: values.help ?? false };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

function readWorkers(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new UsageError(`--workers needs a number from 1 to 999, got '${text}'`);
  return Number(text);
}
