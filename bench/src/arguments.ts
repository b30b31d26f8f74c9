import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench -- [--quick] [--markdown] [--results FILE] [SUITE…]

  SUITE…          throughput, languages, original, latency, memory, cold-start, core, spawn, isolation; default: all of them
  --quick         two minutes in all, instead of nine
  --markdown      at the end all rows again, as bench/README.md has them
  --results FILE  where the figures go; default: bench/results/latest.json`;

/** What the user asked for; `results` is undefined for the usual place. */
export interface Arguments {
  quick: boolean;
  markdown: boolean;
  help: boolean;
  suites: readonly string[];
  results: string | undefined;
}

export class UsageError extends Error {}

/** Reads the command line; without names it means all that are `known`. Throws a UsageError. */
export function readArguments(argv: readonly string[], known: readonly string[]): Arguments {
  const flag = { type: 'boolean', default: false } as const;
  const options = { quick: flag, markdown: flag, help: flag, results: { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const stranger = positionals.find((name) => !known.includes(name));
    if (stranger !== undefined) {
      throw new UsageError(`there is no suite '${stranger}', only ${known.join(', ')}`);
    }
    const suites = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name));
    const { quick, markdown, help, results } = values;
    return { quick, markdown, help, suites, results };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}
