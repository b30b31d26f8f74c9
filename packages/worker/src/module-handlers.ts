import { inspect } from 'node:util';
import type { Handler, Handlers, Hooks } from './handler.js';

export interface ModuleWorker {
  readonly handlers: Handlers;
  readonly hooks: Hooks;
}

/**
 * What a module offers as a worker that does not call serve(): its exported functions, by their names. A default export
 * is the handler 'default' if it is a function, and a set of handlers by its members, as CommonJS modules are. Throws, naming what there was, if there is none.
 */
export function handlersOf(exports: Readonly<Record<string, unknown>>, url: string): ModuleWorker {
  // Newer Nodes give the whole of a CommonJS module by this name, beside `default`.
  const { default: main, 'module.exports': _, ...named } = exports;
  const hooks = pick(named, (name, value) => isHook(name) && isHandler(value));
  const handlers = {
    ...pick(main, (_name, value) => isHandler(value)),
    ...(isHandler(main) && { default: main }),
    ...pick(named, (name, value) => !isHook(name) && isHandler(value)),
  };
  if (Object.keys(handlers).length > 0) return { handlers, hooks };
  throw new Error(`${url} is no worker: it calls no serve() and exports no handler, only ${listing(exports)}`);
}

function pick(value: unknown, accept: (name: string, value: unknown) => boolean): Record<string, Handler> {
  if (value === null || (typeof value !== 'object' && !isHandler(value))) return {};
  const accepted = Object.entries(value).filter(([name, member]) => accept(name, member));
  return Object.fromEntries(accepted as [string, Handler][]);
}

/** Exported functions that are hooks of the worker, and no handlers. */
function isHook(name: string): boolean {
  return name === 'init' || name === 'close';
}

/** A class is a function as well, but one that cannot be called. */
function isHandler(value: unknown): value is Handler {
  return typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));
}

function listing(exports: Readonly<Record<string, unknown>>): string {
  const names = Object.entries(exports).map(([name, value]) => `${name} (${describe(value)})`);
  return names.length > 0 ? names.join(', ') : 'nothing';
}

function describe(value: unknown): string {
  if (typeof value === 'function') return isHandler(value) ? 'function' : 'class';
  return typeof value === 'object'
    ? inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY }).slice(0, 40)
    : typeof value;
}
