import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidOptionError } from '../errors.js';
import { type Check, listOf, systemText, textRecord } from '../options/checks.js';
import type { OptionReader } from '../options/option-reader.js';
import type { PoolOptions } from '../pool-options.js';
import { refuseBatchFile } from './batch-file.js';
import { inheritedEnvironment, withoutReplaced } from './inherited-environment.js';
import { poolName } from './pool-name.js';
import type { Surroundings } from './surroundings.js';
import { threadVariables } from './thread-variables.js';
import { hostCommand, workerUrl } from './worker-module.js';

/** What a worker is started with. `{slot}` in a value of `env` stands for its slot. */
export interface Launch {
  command: readonly [file: string, ...args: string[]];
  /** The file of the option `worker`. */
  file: string | undefined;
  /** Undefined for our own. */
  cwd: string | undefined;
  /** What the worker inherits, as it is. */
  inheritedEnv: Readonly<Record<string, string>>;
  /** Added to it. */
  env: Readonly<Record<string, string>>;
  /** The name that the pool has unless it is given one. */
  defaultName: string;
}

/** These are the pool's own words to its workers. */
const RESERVED = ['OSTLER_CHANNEL', 'OSTLER_LEDGER', 'OSTLER_ADDON', 'OSTLER_SLOT', 'OSTLER_WORKER_ID', 'OSTLER_POOL'];

const strings = listOf(systemText, 'an array of strings');

const command: Check<[string, ...string[]]> = (value, option) => {
  const words = listOf(systemText, 'a non-empty array of strings, the executable first')(value, option);
  const [file, ...args] = words;
  if (file !== undefined && file !== '') return [file, ...args];
  throw new InvalidOptionError({ option, value, expected: 'a non-empty array of strings, the executable first' });
};

const folder: Check<string> = (value, option) => {
  const isPath = typeof value === 'string' && value !== '' && !value.includes('\0');
  if (isPath && !value.startsWith('file:')) return resolve(value);
  const href = isPath ? value : (value as { href?: unknown } | null)?.href;
  try {
    if (typeof href === 'string') return fileURLToPath(href);
  } catch {
    // no file: URL, or one of another machine
  }
  throw new InvalidOptionError({ option, value, expected: 'a path or a file: URL' });
};

const inherit: Check<boolean | string[]> = (value, option) => {
  if (typeof value === 'boolean') return value;
  return listOf(systemText, 'true, false or an array of names')(value, option);
};

const environment: Check<Record<string, string>> = (value, option) => {
  const env = textRecord(value, option);
  for (const [name, text] of Object.entries(env)) {
    if (name === '' || /[=\0]/.test(name)) {
      throw new InvalidOptionError({ option, value: name, expected: "names without '=' and NUL characters" });
    }
    systemText(text, `${option}.${name}`);
    if (!RESERVED.includes(name.toUpperCase())) continue;
    throw new InvalidOptionError({
      option: `${option}.${name}`,
      value: text,
      problem: 'the pool itself sets this variable',
    });
  }
  return env;
};

/** How workers are started: `command` or `worker`, `execArgv`, `cwd`, `inheritEnv`, `env`; `threads` for each, if it is known. */
export function resolveLaunch(
  options: OptionReader<PoolOptions>,
  threads: number | undefined,
  surroundings: Surroundings,
): Launch {
  const env = options.get('env', environment, {});
  const inherited = inheritedEnvironment(options.get('inheritEnv', inherit, true), surroundings);
  const all = threads === undefined ? inherited : { ...threadVariables(threads), ...inherited };
  return {
    ...resolveProgram(options, surroundings),
    cwd: options.get('cwd', folder, undefined),
    inheritedEnv: withoutReplaced(all, env, surroundings.platform),
    env,
  };
}

function resolveProgram(
  options: OptionReader<PoolOptions>,
  surroundings: Surroundings,
): Pick<Launch, 'command' | 'file' | 'defaultName'> {
  const url = options.get('worker', workerUrl, undefined);
  const given = options.get('command', command, undefined);
  const execArgv = options.get('execArgv', strings, undefined);
  if (given !== undefined && url !== undefined) {
    const problem = 'expected either command or worker, got both';
    throw new InvalidOptionError({ option: 'worker', value: options.raw('worker'), problem });
  }
  if (url !== undefined) {
    const file = fileURLToPath(url);
    return { command: hostCommand(url, execArgv, surroundings), file, defaultName: poolName([file]) };
  }
  if (given === undefined) {
    const problem = 'expected an array of strings, or the option worker instead, got neither';
    throw new InvalidOptionError({ option: 'command', value: undefined, problem });
  }
  if (execArgv !== undefined) {
    const problem = 'goes with the option worker only; with command, put the flags into it';
    throw new InvalidOptionError({ option: 'execArgv', value: execArgv, problem });
  }
  refuseBatchFile(given, surroundings);
  return { command: given, file: undefined, defaultName: poolName(given) };
}
