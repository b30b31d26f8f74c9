import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import type { Mutant } from './mutant.js';

const POOL = fileURLToPath(new URL('..', import.meta.resolve('@ostler/pool')));
const COMPILER_OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  verbatimModuleSyntax: true,
};

/**
 * Compiled copies of `packages/pool/src` in a temporary folder, one with each bug; the checkout is never touched. The
 * copies find the pool's dependencies where the pool finds them.
 */
export class Nursery {
  readonly #root: string;
  #copies = 0;

  private constructor(root: string) {
    this.#root = root;
  }

  static async open(): Promise<Nursery> {
    const root = await mkdtemp(join(tmpdir(), 'ostler-mutants-'));
    await writeFile(join(root, 'package.json'), '{ "type": "module" }');
    await symlink(join(POOL, 'node_modules'), join(root, 'node_modules'));
    const nursery = new Nursery(root);
    await nursery.#compile();
    return nursery;
  }

  /** The folder of the copy without a bug. */
  get original(): URL {
    return this.#folder('original');
  }

  /** The folder of a copy with the bug. Throws unless its text is found exactly once. */
  async plant({ name, file, find, replace }: Mutant): Promise<URL> {
    const source = await readFile(join(POOL, 'src', file), 'utf8');
    const found = source.split(find).length - 1;
    if (found !== 1) throw new Error(`'${name}' can't be planted: its text is found ${found} times in ${file}`);
    const copy = `copy-${++this.#copies}`;
    await cp(join(this.#root, 'original'), join(this.#root, copy), { recursive: true });
    await writeFile(join(this.#root, copy, compiledName(file)), compile(source.replace(find, () => replace)));
    return this.#folder(copy);
  }

  async close(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }

  async #compile(): Promise<void> {
    const files = await readdir(join(POOL, 'src'), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const target = join(this.#root, 'original', compiledName(file));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, compile(await readFile(join(POOL, 'src', file), 'utf8')));
    }
  }

  #folder(name: string): URL {
    return pathToFileURL(join(this.#root, name, '/'));
  }
}

function compile(source: string): string {
  return ts.transpileModule(source, { compilerOptions: COMPILER_OPTIONS }).outputText;
}

function compiledName(file: string): string {
  return file.replace(/\.ts$/, '.js');
}
