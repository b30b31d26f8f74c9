import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Run by path, as every user's worker is: testkit imports nothing of apps. */
const CPP_FIXTURES = inApps('worker-cpp/dist/fixtures');
const DOTNET_FIXTURES = inApps('worker-dotnet/dist/bin/Ostler.Fixtures/release_net10.0/fixtures');

type FixtureCommand = [file: string, ...args: string[]];

/** Mebibytes of heap: a leak ends soon, and cheaply for the machine. */
const NODE_HEAP = 64;

/** The command line of a fixture worker in JavaScript, by its name in `fixtures/node` without `.js`. */
export function nodeFixture(name: string): FixtureCommand {
  return [process.execPath, `--max-old-space-size=${NODE_HEAP}`, pathOf(`node/${name}.js`)];
}

/** The command line of a fixture worker in Python, by its name in `fixtures/python` without `.py`. */
export function pythonFixture(name: string): FixtureCommand {
  return [python() ?? 'python3', pathOf(`python/${name}.py`)];
}

/** The command line of a fixture worker in C++, by its name; they are one program, which apps/worker-cpp builds. */
export function cppFixture(name: string): FixtureCommand {
  return [CPP_FIXTURES, name];
}

/** The command line of a fixture worker for .NET, by its name; they are one program, which apps/worker-dotnet builds. */
export function dotnetFixture(name: string): FixtureCommand {
  return [DOTNET_FIXTURES, name];
}

/** Why there are no fixtures in C++ on this machine; undefined where they are. */
export function whyNoCpp(): string | undefined {
  return whyMissing(CPP_FIXTURES, 'cmake, a C++ compiler and `node apps/worker-cpp/scripts/build.mjs`');
}

/** Why there are no fixtures for .NET on this machine; undefined where they are. */
export function whyNoDotnet(): string | undefined {
  return whyMissing(DOTNET_FIXTURES, 'the .NET SDK 10 and `node apps/worker-dotnet/scripts/build.mjs`');
}

function whyMissing(file: string, makers: string): string | undefined {
  return existsSync(file) ? undefined : `there is no ${file}, which is made by ${makers}`;
}

let interpreter: string | null | undefined;

/** Why there can be no worker in Python here, or null. */
export function whyNoPython(): string | null {
  return python() === null ? 'needs python3' : null;
}

/** The interpreter itself: `python3` may be a version manager's shim, which takes longer to start than Python does. */
function python(): string | null {
  if (interpreter !== undefined) return interpreter;
  const { stdout, status } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  interpreter = status === 0 ? stdout.trim() : null;
  return interpreter;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));
}

function inApps(path: string): string {
  return fileURLToPath(new URL(`../../../apps/${path}`, import.meta.url));
}
