import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type FixtureCommand = [file: string, ...args: string[]];

/** Mebibytes of heap: a leak ends soon, and cheaply for the machine. */
const NODE_HEAP = 64;

/** The command line of a fixture worker in JavaScript, by its name in `fixtures/node` without `.js`. */
export function nodeFixture(name: string): FixtureCommand {
  return [process.execPath, `--max-old-space-size=${NODE_HEAP}`, pathOf(`node/${name}.js`)];
}

/** The command line of a fixture worker in Python, by its name in `fixtures/python` without `.py`. */
export function pythonFixture(name: string): FixtureCommand {
  return [python(), pathOf(`python/${name}.py`)];
}

let interpreter: string | undefined;

/** The interpreter itself: `python3` may be a version manager's shim, which takes longer to start than Python does. */
function python(): string {
  interpreter ??= execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  return interpreter;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));
}
