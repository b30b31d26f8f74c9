import { fileURLToPath } from 'node:url';

type FixtureCommand = [file: string, script: string];

/** The command line of a fixture worker in JavaScript, by its name in `fixtures/node` without `.js`. */
export function nodeFixture(name: string): FixtureCommand {
  return [process.execPath, pathOf(`node/${name}.js`)];
}

/** The command line of a fixture worker in Python, by its name in `fixtures/python` without `.py`. */
export function pythonFixture(name: string): FixtureCommand {
  return ['python3', pathOf(`python/${name}.py`)];
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));
}
