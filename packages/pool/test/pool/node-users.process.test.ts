import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorOf, open } from './support.js';

const USERS = fileURLToPath(new URL('fixtures/users/', import.meta.url));
const WINE = process.env.OSTLER_WINE !== undefined;
/** Every user of Windows may make junctions; Wine makes links only, which are folders to who looks at them. */
const LINK = WINE ? 'dir' : 'junction';
const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const TYPES = join(PACKAGE, '../../node_modules/@types');
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  sourceMap: true,
  types: ['node'],
  typeRoots: [TYPES],
};

/** A project of users, outside of ours, that has the built package installed. */
let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ostler-users-')));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(folder, 'node_modules', '@ostler'), { recursive: true });
  symlinkSync(PACKAGE, join(folder, 'node_modules', '@ostler', 'pool'), LINK);
  symlinkSync(TYPES, join(folder, 'node_modules', '@types'), LINK);
  for (const name of readdirSync(USERS)) writeFileSync(join(folder, name), readFileSync(join(USERS, name)));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Checks and compiles one file and what it imports, as tsc does; what the compiler says of it. */
function compile(name: string): string[] {
  const program = ts.createProgram([join(folder, name)], OPTIONS);
  const { diagnostics } = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

async function output(name: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, name)], { cwd: folder });
  return JSON.parse(stdout);
}

it.skipIf(WINE)(
  'users in TypeScript get the types of their handlers, and run (needs junctions, which Wine lacks)',
  async () => {
    expect(compile('esm.mts')).toEqual([]);
    expect(await output('esm.mjs')).toEqual({
      sum: 3,
      unknown: 'TaskFailedError',
      message: expect.stringMatching(/^worker: task 3 \(handler 'fail'\) failed in worker pid \d+: Error: failed: x$/),
    });
  },
);

it.skipIf(WINE)(
  'users whose project is CommonJS require it, types and all (needs junctions, which Wine lacks)',
  async () => {
    expect(compile('cjs.cts')).toEqual([]);
    expect(await output('cjs.cjs')).toEqual({ sum: 3, same: 3 });
  },
);

it('the stack of an error names the line in TypeScript', async () => {
  expect(compile('worker.ts')).toEqual([]);
  const error = await errorOf(open({ worker: join(folder, 'worker.js') }).call('fail', 'x'));
  const line =
    readFileSync(join(folder, 'worker.ts'), 'utf8')
      .split('\n')
      .findIndex((each) => /throw/.test(each)) + 1;
  expect((error.remote as { stack: string }).stack).toMatch(new RegExp(`at fail \\(.*worker\\.ts:${line}:9\\)`));
});

interface Coverage {
  result: { url: string; functions: { functionName: string; ranges: { count: number }[] }[] }[];
}

it('the coverage of workers is written, as they leave by themselves', async () => {
  const worker = join(folder, 'covered.mjs');
  writeFileSync(worker, 'export const used = () => 1;\nexport const unused = () => 2;\n');
  const reports = join(folder, 'coverage');
  const env = { NODE_V8_COVERAGE: reports };
  const pool = open({ worker, env, minWorkers: 2, maxWorkers: 2, maxTasksPerWorker: 1 });
  await pool.ready();
  await Promise.all([pool.call('used', null), pool.call('used', null)]);
  await pool.close();
  const all = readdirSync(reports).map((name): Coverage => JSON.parse(readFileSync(join(reports, name), 'utf8')));
  expect(all).toHaveLength(pool.stats().started);
  const calls = { used: 0, unused: 0 };
  for (const { result } of all) {
    const script = result.find(({ url }) => url === pathToFileURL(worker).href);
    for (const { functionName, ranges } of script?.functions ?? []) {
      if (functionName in calls) calls[functionName as keyof typeof calls] += ranges[0]?.count ?? 0;
    }
  }
  expect(calls).toEqual({ used: 2, unused: 0 });
});
