import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkImports } from '../check-imports.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ostler-imports-'));
  write('package.json', { devDependencies: { vitest: '*' } });
  addPackage('packages/protocol', '@ostler/protocol');
  addPackage('packages/worker', '@ostler/worker', ['@ostler/protocol']);
  addPackage('packages/pool', '@ostler/pool', ['@ostler/protocol', '@ostler/worker', 'execa']);
  addPackage('packages/cli', 'ostler', ['@ostler/pool']);
  addPackage('apps/demo', '@ostler/demo', ['@ostler/pool', 'ostler']);
  addPackage('bench', '@ostler/bench', ['@ostler/pool', 'ostler']);
});

afterEach(() => rmSync(root, { recursive: true }));

test('the allowed directions are no violations', () => {
  write('packages/pool/src/core/index.ts', "import './queue.js';");
  write('packages/pool/src/core/queue.ts', 'export const queue = [];');
  write(
    'packages/pool/src/pool.ts',
    "import { execa } from 'execa'; import '@ostler/protocol'; import 'node:fs'; import './core/index.js';\n" +
      "export const host = import.meta.resolve('@ostler/worker/host');",
  );
  write('packages/pool/test/pool.test.ts', "import 'vitest'; import '@ostler/pool'; import '../src/pool.js';");
  write('bench/src/main.ts', "import 'ostler'; import '@ostler/pool';");
  write('apps/demo/src/main.ts', "import '@ostler/pool';");
  expect(found()).toEqual([]);
});

test.for([
  ['packages/protocol/src/frame.ts', '@ostler/worker', 'packages/protocol/src/ imports only itself'],
  ['packages/protocol/src/frame.ts', 'node:buffer', 'packages/protocol/src/ imports only itself'],
  ['packages/protocol/src/frame.ts', 'buffer', 'packages/protocol/src/ imports only itself'],
  ['packages/pool/src/core/queue.ts', 'node:timers', 'packages/pool/src/core/ imports only itself'],
  ['packages/pool/src/core/queue.ts', '@ostler/protocol', 'packages/pool/src/core/ imports only itself'],
  ['packages/worker/src/serve.ts', '@ostler/pool', '@ostler/worker must not import @ostler/pool'],
  ['packages/pool/src/pool.ts', 'ostler', '@ostler/pool must not import ostler'],
  ['packages/pool/src/pool.ts', '@ostler/bench/suite', '@ostler/pool must not import @ostler/bench'],
  ['packages/pool/test/pool.test.ts', '@ostler/demo', '@ostler/pool must not import @ostler/demo'],
  ['apps/demo/src/main.ts', 'ostler', '@ostler/demo must not import ostler'],
  ['packages/pool/src/pool.ts', 'lodash/merge', "'lodash' is not declared in packages/pool/package.json"],
  ['packages/pool/src/pool.ts', 'vitest', "'vitest' is not declared in packages/pool/package.json"],
  ['packages/pool/src/pool.ts', '@ostler/pool', "'@ostler/pool' is this package itself: use a relative path"],
] as const)('%s must not import %s', ([file, specifier, message]) => {
  write(file, `\nimport '${specifier}';`);
  expect(found()).toEqual([expect.stringContaining(`${file}:2: `)]);
  expect(found()[0]).toContain(message);
});

test.for([
  ['an import', "import { serve } from '@ostler/worker';"],
  ['a type import', "import type { Task } from '@ostler/worker';"],
  ['an inline type', "export type T = import('@ostler/worker').Task;"],
  ['a re-export', "export * from '@ostler/worker';"],
  ['a dynamic import', "await import('@ostler/worker');"],
  ['a require', "require('@ostler/worker');"],
] as const)('the pool may resolve the path of the worker SDK, but %s is refused', ([, text]) => {
  write('packages/pool/src/pool.ts', text);
  expect(found()).toEqual([expect.stringMatching(/^packages\/pool\/src\/pool\.ts:1: .*may only resolve/)]);
});

test('the pool for tests loads the worker SDK', () => {
  write('packages/pool/src/testing/worker.ts', "import { serve } from '@ostler/worker';");
  expect(found()).toEqual([]);
});

test('a relative import stays in its package, in src, and names a file', () => {
  write('packages/worker/src/serve.ts', '');
  write('packages/pool/test/helper.ts', '');
  write(
    'packages/pool/src/pool.ts',
    "import '../../worker/src/serve.js';\nimport '../test/helper.js';\nimport './missing.js';",
  );
  write('packages/pool/src/core/queue.ts', "import '../pool.js';");
  expect(found()).toEqual([
    expect.stringContaining('queue.ts:1: '),
    expect.stringMatching(/pool\.ts:1: .*leaves its package/),
    expect.stringMatching(/pool\.ts:2: .*leaves src/),
    expect.stringMatching(/pool\.ts:3: .*names no file/),
  ]);
});

test('a planted cycle is reported with its way round, types and re-exports included', () => {
  write('packages/worker/src/a.ts', "import { b } from './b.js';");
  write('packages/worker/src/b.ts', "export { c } from './c.js';");
  write('packages/worker/src/c.ts', "\nimport type { A } from './a.js';");
  const [a, b, c] = ['a', 'b', 'c'].map((name) => `packages/worker/src/${name}.ts`);
  expect(found()).toEqual([`${a}:1: import cycle: ${a} -> ${b} -> ${c} -> ${a}`]);
});

test('two packages that ship imports of each other are a cycle, though no file is in one', () => {
  addPackage('examples/left', 'left', ['right']);
  addPackage('examples/right', 'right', ['left']);
  write('examples/left/src/main.ts', "import 'right';");
  write('examples/right/src/main.ts', "import 'left';");
  expect(found()).toContain('examples/left/src/main.ts:1: import cycle: left -> right -> left');
});

test('comments, strings and installed code are not imports', () => {
  write('packages/worker/src/serve.ts', "// import 'x';\nexport const text = \"import 'x'\"; /* require('x') */");
  write('packages/worker/node_modules/x/index.js', "import 'ostler';");
  write('packages/worker/dist/serve.js', "import 'ostler';");
  expect(found()).toEqual([]);
});

function found(): string[] {
  return checkImports(root).map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

function write(path: string, content: string | object): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

function addPackage(folder: string, name: string, dependencies: string[] = []): void {
  write(`${folder}/package.json`, { name, dependencies: Object.fromEntries(dependencies.map((one) => [one, '*'])) });
}
