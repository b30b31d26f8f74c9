import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench -- [--quick] [--results FILE] [SUITE…]

  SUITE…          throughput, languages, original, latency, memory, cold-start, core, spawn, isolation; default: all of them
  --quick         a minute in all, instead of six
  --results FILE  where the figures go; default: bench/results/latest.json`;

/** What the user asked for; `results` is undefined for the usual place. */
export interface Arguments {
  quick: boolean;
  help: boolean;
  suites: readonly string[];
  results: string | undefined;
}

export class UsageError extends Error {}

/** Reads the command line; without names it means all that are `known`. Throws a UsageError. */
export function readArguments(argv: readonly string[], known: readonly string[]): Arguments {
  const options = { quick: { type: 'boolean' }, help: { type: 'boolean' }, results: { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const stranger = positionals.find((name) => !known.includes(name));
    if (stranger !== undefined) {
      throw new UsageError(`there is no suite '${stranger}', only ${known.join(', ')}`);
    }
    const suites = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name));
    return { quick: values.quick ?? false, help: values.help ?? false, suites, results: values.results };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}
