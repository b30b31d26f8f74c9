import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { handlersOf, type ModuleWorker } from './module-handlers.js';
import { withJobs } from './queue-job.js';
import { isServing, serve } from './serve.js';

/**
 * The program that a pool runs for a `worker:` file: `node host.js FILE_URL`. Importing the file makes it a worker, by
 * its own serve() or by what it exports.
 */
async function host(url: string): Promise<void> {
  const worker = await load(url);
  if (worker !== undefined) serve(withJobs(worker.handlers), worker.hooks);
}

/** Undefined if the module has called serve() itself. */
async function load(url: string): Promise<ModuleWorker | undefined> {
  try {
    const exports = await settled(await importModule(url));
    return isServing() ? undefined : handlersOf(exports, url);
  } catch (error) {
    if (isServing()) throw error;
    return failedWorker(error);
  }
}

/** A worker that says why there is none: the pool hears of it as of any `init` that fails. */
function failedWorker(error: unknown): ModuleWorker {
  return {
    handlers: {},
    hooks: {
      init() {
        throw error;
      },
    },
  };
}

/** A module may export a promise of what it will be, as piscina lets it. */
async function settled(exports: Record<string, unknown>): Promise<Record<string, unknown>> {
  const entries = Object.entries(exports).map(async ([name, value]) => [name, await value] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function importModule(url: string): Promise<Record<string, unknown>> {
  // Before the first attempt, because Node remembers a failed one.
  if (/\.[cm]?tsx?$/.test(url) && !runsTypeScript()) await importTsx(url);
  try {
    return await import(url);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    const help = 'compile it, or install tsx beside it';
    throw new Error(`Node ${process.versions.node} cannot run ${url}: ${help}`, { cause: error });
  }
}

/** By itself, as newer Nodes do, or by the tsx that the pool's own process was started with. */
function runsTypeScript(): boolean {
  return (
    Boolean(Reflect.get(process.features, 'typescript')) ||
    [...process.execArgv, process.env.NODE_OPTIONS].join(' ').includes('tsx')
  );
}

/** The tsx that the worker file would find, if there is one; importing it is all that `--import tsx` does. */
async function importTsx(url: string): Promise<void> {
  const tsx = 'tsx'; // of the worker file's project, not of ours
  let path: string;
  try {
    path = createRequire(url).resolve(tsx);
  } catch {
    return; // another loader may know what to do
  }
  await import(pathToFileURL(path).href);
}

const [url] = process.argv.splice(2, 1); // the file's own code finds no argument
if (url === undefined) {
  process.stderr.write('usage: host.js FILE_URL (a pool runs this for its option `worker`)\n');
  process.exitCode = 2;
} else {
  await host(url);
}
