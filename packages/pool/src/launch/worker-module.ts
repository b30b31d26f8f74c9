import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InvalidOptionError } from '../errors.js';
import type { Check } from '../options/checks.js';
import { flagsForWorkers } from './node-flags.js';
import type { Surroundings } from './surroundings.js';

/** The first version of Node 22 that runs TypeScript without a flag, and the first one that never lost it. */
const TYPESCRIPT_SINCE = { 22: 18, 23: 6 } as const;

/** The URL of a worker's file. A relative path is refused: relative to what would be anybody's guess. */
export const workerUrl: Check<URL> = (value, option) => {
  const url = toUrl(value);
  if (url === undefined) {
    const hint = `for a file beside yours: new URL('${besideCaller(value)}', import.meta.url)`;
    throw new InvalidOptionError({ option, value, expected: 'a file: URL or an absolute path', hint });
  }
  return url;
};

/** What was given, as one writes it relative to a module. */
function besideCaller(value: unknown): string {
  if (typeof value !== 'string' || !/^[^:'\\\0]{1,100}$/.test(value)) return './w.js';
  return /^\.{0,2}\//.test(value) ? value : `./${value}`;
}

function toUrl(value: unknown): URL | undefined {
  if (typeof value === 'string' && isAbsolute(value)) return value.includes('\0') ? undefined : pathToFileURL(value);
  // By its look: the URL of another realm is an instance of another class.
  const text = typeof value === 'string' ? value : (value as { href?: unknown } | null | undefined)?.href;
  if (typeof text !== 'string' || !/^file:\/\//i.test(text)) return undefined;
  try {
    const url = new URL(text);
    fileURLToPath(url);
    return url;
  } catch {
    return undefined; // malformed, or the URL of another machine's file
  }
}

/** The command that runs a worker's file in a shipped host. `execArgv`: undefined for the parent's flags. */
export function hostCommand(
  url: URL,
  execArgv: readonly string[] | undefined,
  surroundings: Surroundings,
): [file: string, ...args: string[]] {
  const flags = execArgv === undefined ? flagsForWorkers(surroundings.execArgv) : [...execArgv];
  flags.push(...typescriptFlags(url, flags, surroundings));
  if (!flags.includes('--enable-source-maps')) flags.push('--enable-source-maps');
  return [surroundings.execPath, ...flags, surroundings.hostScript, url.href];
}

/** What Node needs to run the file if it is TypeScript; InvalidOptionError where it cannot. */
function typescriptFlags(url: URL, flags: readonly string[], { nodeVersion, env }: Surroundings): string[] {
  const extension = /\.([cm]?ts|tsx)$/.exec(url.pathname)?.[1];
  if (extension === undefined) return [];
  const given = [...flags, env.NODE_OPTIONS ?? ''].join(' ');
  if (/\btsx\b|--experimental-(strip|transform)-types/.test(given)) return [];
  const switchedOff = /--no-(experimental-)?strip-types/.test(given);
  if (extension !== 'tsx' && !switchedOff && runsTypescript(nodeVersion)) return [];
  const loader = findTsx(url);
  if (loader !== undefined) return ['--import', loader];
  const problem =
    `Node ${nodeVersion} cannot run ${fileURLToPath(url)}: compile it, ` +
    'or install tsx where the file finds it, or use Node 22.18 or newer';
  throw new InvalidOptionError({ option: 'worker', value: url.href, problem });
}

function runsTypescript(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const since = TYPESCRIPT_SINCE[major as keyof typeof TYPESCRIPT_SINCE];
  return since === undefined ? major > 23 : minor >= since;
}

function findTsx(url: URL): string | undefined {
  try {
    return pathToFileURL(createRequire(url).resolve('tsx')).href;
  } catch {
    return undefined; // not installed there
  }
}
