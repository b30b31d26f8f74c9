import { DEFAULT_TUNING } from '../core/index.js';
import { InvalidOptionError } from '../errors.js';
import { isNode, withInspector } from '../launch/inspector.js';
import { withoutInspector } from '../launch/node-flags.js';
import type { ResolvedOptions } from '../options/resolved-options.js';

const ONE = { minWorkers: 1, maxWorkers: 1 };

/**
 * The options of a pool whose worker is looked at by a debugger: it stands still for as long as somebody looks at it, so there
 * is one, and nothing ends it for being slow or silent.
 */
export function forDebugger(options: ResolvedOptions, mode: true | 'brk', execPath: string): ResolvedOptions {
  const profiles = Array.from(options.profiles, ([name, each]) => [name, { ...each, size: ONE }] as const);
  const debugged: ResolvedOptions = {
    ...options,
    profiles: new Map(profiles),
    core: { ...options.core, ...ONE, startTimeout: Infinity, maxWorkerLifetime: Infinity },
    tuning: { ...DEFAULT_TUNING, inspectInterval: Infinity, pingInterval: Infinity, cancelGrace: Infinity },
    tasks: { ...options.tasks, taskTimeout: Infinity, queueTimeout: Infinity, isTimed: false },
  };
  const [file] = options.worker.command;
  if (!isNode(file, execPath)) {
    debugged.warnings = [...options.warnings, noInspector(file, mode)];
    return debugged;
  }
  const { NODE_OPTIONS, ...env } = options.worker.env;
  debugged.worker = {
    ...options.worker,
    command: withInspector(options.worker.command, mode),
    env: NODE_OPTIONS === undefined ? env : { ...env, NODE_OPTIONS: withoutInspector(NODE_OPTIONS) },
  };
  return debugged;
}

function noInspector(file: string, mode: true | 'brk'): InvalidOptionError {
  const problem =
    `the inspector is Node's, and ${file} is not node: start it with a debugger of its own, ` +
    "for which docs/recipes.md, 'A debugger', has the lines; the pool has one worker and no time-outs all the same";
  return new InvalidOptionError({ option: 'dev.inspect', value: mode, problem });
}
