import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { LANGUAGES } from '../src/init/languages.js';
import { OSTLER, ostler, scratch } from './ostler.js';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** A build of a small program on a busy machine. */
const TEST_TIMEOUT = 300_000;

const QUIET_DOTNET = {
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_CLI_USE_MSBUILD_SERVER: '0',
  DOTNET_NOLOGO: '1',
  MSBUILDDISABLENODEREUSE: '1',
  NUGET_CERT_REVOCATION_MODE: 'offline',
  UseSharedCompilation: 'false',
};

/** What a template's commands need beside Node: the test's name says it. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  python: ['python3'],
  dotnet: ['dotnet'],
  cpp: ['cmake', 'c++'],
  perl: ['perl', 'prove'],
};

const WINDOWS = process.platform === 'win32';
/** Every other system has `sh`, which may know no --version. */
const isThere = (command: string) =>
  command === 'sh' ? !WINDOWS : spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** Runs a line as a reader of the README would, with this `ostler` in the place of that from npm. */
function type(line: string, folder: string) {
  const command = line.replace('npx ostler', `'${process.execPath}' '${OSTLER}'`).replace('npm install', ':');
  const env = { ...process.env, ...QUIET_DOTNET };
  return spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', env, timeout: TEST_TIMEOUT });
}

/** In the place of `npm install`: what the workspace has. */
async function install(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '@types'), { recursive: true });
  await mkdir(join(modules, '.bin'));
  for (const name of ['typescript', '@types/node'])
    await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  await symlink(join(ROOT, 'node_modules/typescript/bin/tsc'), join(modules, '.bin/tsc'));
}

describe('ostler init', () => {
  for (const [language, { steps }] of Object.entries(LANGUAGES)) {
    const needs = ['sh', ...(NEEDS[language] ?? [])];
    const name = `${language}: its test passes at once, and a pool answers (needs ${needs.join(' and ')})`;
    it.skipIf(!needs.every(isThere))(name, { timeout: TEST_TIMEOUT }, async () => {
      const folder = join(await scratch(), 'my worker');
      const made = await ostler(['init', language, folder]);
      expect(made).toMatchObject({ status: 0, stderr: '' });
      expect(made.stdout.split('\n').slice(2, -1)).toEqual([`  cd '${folder}'`, ...steps.map((step) => `  ${step}`)]);
      if (language === 'typescript') await install(folder);
      for (const step of steps.slice(0, -1)) {
        const { status, stdout, stderr } = type(step, folder);
        expect(status, `${step}\n${stdout}${stderr}`).toBe(0);
      }
      const { stdout, stderr } = type(steps.at(-1) as string, folder);
      expect(stdout, stderr).toBe(language === 'shell' ? '<hello>\n<world>\n' : 'hello\nworld\n');
    });

    it(`${language}: its README has every step`, async () => {
      const readme = await readFile(join(PACKAGE, 'templates', language, 'README.md'), 'utf8');
      for (const step of steps) expect(readme.replace(/ +# .*$/gm, '')).toContain(`    ${step}\n`);
    });
  }

  it('node: its test passes without a shell', { timeout: TEST_TIMEOUT }, async () => {
    const folder = await scratch();
    expect((await ostler(['init', 'node', folder])).status).toBe(0);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--test'], { cwd: folder, encoding: 'utf8' });
    expect(status, `${stdout}${stderr}`).toBe(0);
  });

  it('takes other names of a language, and an empty folder that is there', async () => {
    const folder = await scratch();
    expect((await ostler(['init', 'JS', folder])).status).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(['README.md', 'package.json', 'worker.js', 'worker.test.js']);
  });

  it('refuses what it does not know, and names the nearest', async () => {
    const { status, stderr } = await ostler(['init', 'pyhton', 'x']);
    expect(stderr).toBe(
      "ostler: no template for 'pyhton': there are node, typescript, python, dotnet, cpp, perl, shell; did you mean python?\n",
    );
    expect(status).toBe(2);
  });

  it('writes nothing where something is', async () => {
    const folder = await scratch();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await writeFile(join(folder, name), name);
    const full = await ostler(['init', 'perl', folder]);
    expect(full).toMatchObject({
      status: 2,
      stderr: `ostler: ${folder} is not empty: it has a, b, c, d, e and 1 more\n`,
    });
    for (const path of [join(folder, 'a'), join(folder, 'a', 'below')]) {
      const file = await ostler(['init', 'perl', path]);
      expect(file.stderr).toBe(`ostler: ${path} should be a folder, but there is a file in its place\n`);
      expect(file.status).toBe(2);
    }
    expect(await readdir(folder)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});

const npm = (...args: string[]) => spawnSync('npm', args, { cwd: PACKAGE, encoding: 'utf8', shell: WINDOWS }); // npm.cmd
const hasNpm = npm('--version').status === 0;

test.skipIf(!hasNpm)('the package that npm publishes has every file of every template (needs npm)', async () => {
  const packed = npm('pack', '--dry-run', '--json', '--ignore-scripts');
  const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string }[] }];
  const published = files.map(({ path }) => path).filter((path) => path.startsWith('dist/templates/'));
  const made = await readdir(join(PACKAGE, 'dist/templates'), { recursive: true, withFileTypes: true });
  const expected = made.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  expect(published.sort()).toEqual(expected.map((path) => path.slice(PACKAGE.length).replaceAll('\\', '/')).sort());
  expect(published).toContain('dist/templates/python/ostler_worker/__init__.py');
});
