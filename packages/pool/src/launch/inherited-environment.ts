import { withoutInspector } from './node-flags.js';
import type { Surroundings } from './surroundings.js';

/**
 * What Node tells its own child processes, and the test runner its files: a worker would talk to somebody who is not there
 * (NODE_CHANNEL_FD names a descriptor that is something else in the worker).
 */
const NOT_FOR_WORKERS = ['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NODE_UNIQUE_ID', 'NODE_TEST_CONTEXT'];

/** Our variables that workers get: all, none, or those that are named. */
export function inheritedEnvironment(
  inherit: boolean | readonly string[],
  { env, platform }: Pick<Surroundings, 'env' | 'platform'>,
): Record<string, string> {
  // Windows does not tell names by case.
  const fold = platform === 'win32' ? (name: string) => name.toUpperCase() : (name: string) => name;
  const excluded = new Set(NOT_FOR_WORKERS);
  const included = typeof inherit === 'boolean' ? undefined : new Set(inherit.map(fold));
  const inherited: Record<string, string> = {};
  if (inherit === false) return inherited;
  for (const [name, value] of Object.entries(env)) {
    const wanted = included === undefined ? !excluded.has(fold(name)) : included.has(fold(name));
    if (wanted && value !== undefined) inherited[name] = name === 'NODE_OPTIONS' ? withoutInspector(value) : value;
  }
  return inherited;
}

/** Removes what an own variable replaces, where names are not told by case: of `Path` and `PATH`, the system would take any. */
export function withoutReplaced(
  inherited: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  if (platform !== 'win32') return { ...inherited };
  const replaced = new Set(Object.keys(env).map((name) => name.toUpperCase()));
  return Object.fromEntries(Object.entries(inherited).filter(([name]) => !replaced.has(name.toUpperCase())));
}
