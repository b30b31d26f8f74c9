import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { scanImports } from './scan.mjs';

const FOLDERS_OF_PACKAGES = ['packages', 'apps', 'examples'];
const PACKAGE_FOLDERS = ['bench', 'native'];
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'coverage', 'vectors', '__pycache__']);
const SOURCE = /\.[cm]?[jt]sx?$/;

/**
 * Every package of a workspace and every TypeScript and JavaScript file in it with its imports. Paths are relative to
 * the root, with forward slashes. An import has `target` (a file, for relative ones; undefined when there is none),
 * `packageName` (for the others) or `builtin`.
 */
export function readWorkspace(root) {
  const folders = FOLDERS_OF_PACKAGES.flatMap((parent) => subfolders(root, parent)).concat(PACKAGE_FOLDERS);
  const packages = new Map();
  const files = [];
  for (const folder of folders) {
    const manifestPath = join(root, folder, 'package.json');
    if (!existsSync(manifestPath)) continue;
    const { name, ...manifest } = JSON.parse(readFileSync(manifestPath, 'utf8'));
    const owner = { name, folder, manifest };
    packages.set(name, owner);
    for (const path of sources(root, folder)) files.push(readSource(root, path, owner));
  }
  const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { packages, files, sharedDevDependencies: rootManifest.devDependencies ?? {} };
}

function readSource(root, path, owner) {
  const imports = scanImports(path, readFileSync(join(root, path), 'utf8')).map((found) =>
    resolveImport(root, path, found),
  );
  return { path, package: owner, shipped: path.startsWith(`${owner.folder}/src/`), imports };
}

function resolveImport(root, path, found) {
  const { specifier } = found;
  if (specifier.startsWith('.')) {
    const wanted = posix.join(posix.dirname(path), specifier);
    return { ...found, wanted, target: existing(root, wanted) };
  }
  if (isBuiltin(specifier)) return { ...found, builtin: true };
  return { ...found, packageName: specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/') };
}

/** `./x.js` names `x.ts` in TypeScript's sources. */
function existing(root, wanted) {
  const typed = wanted.replace(/\.([cm]?)jsx?$/, '.$1ts');
  return [wanted, typed, `${typed}x`].find((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile());
}

function subfolders(root, parent) {
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
}

function sources(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sources(root, path);
    return SOURCE.test(entry.name) ? [path] : [];
  });
}
