import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const core = fileURLToPath(new URL('../../packages/pool/src/core', import.meta.url));

/** What tsc says about a file with this text, planted among the core's files without touching the disk. */
function complaints(text: string, overrides: ts.CompilerOptions = {}): string[] {
  const config = ts.readConfigFile(join(core, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, core);
  const compilerOptions = { ...options, ...overrides, composite: false, incremental: false, noEmit: true };
  const planted = join(core, 'planted.ts').replaceAll('\\', '/'); // as the compiler asks for it
  const host = ts.createCompilerHost(compilerOptions);
  const { readFile, fileExists } = host;
  host.readFile = (path) => (path === planted ? text : readFile(path));
  host.fileExists = (path) => path === planted || fileExists(path);
  host.getCurrentDirectory = () => dirname(core);
  const program = ts.createProgram([planted], compilerOptions, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the pure core', () => {
  test.for([
    ['setTimeout', 'setTimeout(() => {}, 1);'],
    ['setInterval', 'setInterval(() => {}, 1);'],
    ['queueMicrotask', 'queueMicrotask(() => {});'],
    ['process', 'process.exit();'],
    ['Buffer', 'Buffer.alloc(1);'],
    ['performance', 'performance.now();'],
    ['console', "console.log('');"],
    ['node:fs', "import 'node:fs'; import * as fs from 'node:fs'; fs;"],
  ] as const)('cannot name %s', ([name, text]) => {
    expect(complaints(`${text}\nexport {};`).join('\n')).toMatch(new RegExp(`['"\`]${name}['"\`]`));
  });

  test('compiles what the language itself has', () => {
    expect(complaints('export const latest = Math.max(...new Map([[1, 2]]).values());')).toEqual([]);
  });

  test('would compile setTimeout if its tsconfig named the types of Node', () => {
    const types = { types: ['node'] };
    expect(complaints('export const timer: unknown = setTimeout(() => {}, 1);', types)).toEqual([]);
  });
});
