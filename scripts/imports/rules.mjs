/**
 * Which packages of the workspace each one may import, beside itself; docs/architecture.md draws the same picture.
 * What is not listed (apps, examples, whatever comes) may import the libraries.
 */
const MAY_IMPORT = {
  '@ostler/protocol': [],
  '@ostler/native': [],
  '@ostler/worker': ['@ostler/protocol'],
  '@ostler/pool': ['@ostler/protocol', '@ostler/worker', '@ostler/native'],
  '@ostler/conformance': ['@ostler/protocol'],
  '@ostler/testkit': ['@ostler/conformance', '@ostler/protocol', '@ostler/worker', '@ostler/pool', '@ostler/native'],
  '@ostler/service': ['@ostler/pool'],
  ostler: ['@ostler/service', '@ostler/pool', '@ostler/worker', '@ostler/native', '@ostler/conformance'],
};
const LIBRARIES = [
  '@ostler/protocol',
  '@ostler/conformance',
  '@ostler/worker',
  '@ostler/pool',
  '@ostler/service',
  '@ostler/native',
];

/** Places that stay pure: no Node modules, nothing from outside the folder. */
const PURE_FOLDERS = ['packages/protocol/src/', 'packages/pool/src/core/'];

/** The pool finds the worker's host script and hands its path to a process; only its pool for tests loads the SDK into the parent. */
const RESOLVE_ONLY = { '@ostler/pool': '@ostler/worker' };
const MAY_LOAD = 'packages/pool/src/testing/';

/** What is wrong with the imports of one file, as `{ file, line, message }`. */
export function checkFile(file, workspace) {
  return file.imports.flatMap((found) => {
    const message = found.specifier.startsWith('.') ? checkRelative(file, found) : checkBare(file, found, workspace);
    return message === undefined ? [] : [{ file: file.path, line: found.line, message }];
  });
}

function checkRelative(file, { specifier, wanted, target }) {
  const { folder } = file.package;
  if (!`${wanted}/`.startsWith(`${folder}/`))
    return `'${specifier}' leaves its package: import the other one by its name`;
  if (wanted.startsWith(`${folder}/dist/`)) return undefined;
  if (target === undefined) return `'${specifier}' names no file`;
  if (file.shipped && !target.startsWith(`${folder}/src/`))
    return `'${specifier}' leaves src: what ships imports only what ships`;
  const pure = pureFolder(file);
  return pure && !target.startsWith(pure) ? `'${specifier}' leaves ${pure}, which imports only itself` : undefined;
}

function checkBare(file, found, workspace) {
  const { specifier, builtin, packageName, kind } = found;
  const pure = pureFolder(file);
  if (pure !== undefined) return `'${specifier}': ${pure} imports only itself`;
  if (builtin) return undefined;
  const own = file.package.name;
  if (packageName === own)
    return file.shipped ? `'${specifier}' is this package itself: use a relative path` : undefined;
  if (workspace.packages.has(packageName)) {
    if (!mayImport(own, packageName)) return `${own} must not import ${packageName}`;
    const loads = kind === 'import' && !file.path.startsWith(MAY_LOAD);
    if (file.shipped && loads && RESOLVE_ONLY[own] === packageName) {
      return `${own} may only resolve the path of ${packageName} (import.meta.resolve), not import it`;
    }
  }
  return declares(file, packageName, workspace)
    ? undefined
    : `'${packageName}' is not declared in ${file.package.folder}/package.json`;
}

function pureFolder(file) {
  return PURE_FOLDERS.find((folder) => file.path.startsWith(folder));
}

function mayImport(own, other) {
  if (own === '@ostler/bench') return true;
  return (MAY_IMPORT[own] ?? LIBRARIES).includes(other);
}

/** Tests and configuration may also use development dependencies, and those that the root holds for all. */
function declares(file, name, { sharedDevDependencies }) {
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = file.package.manifest;
  const shipped = { ...dependencies, ...optionalDependencies, ...peerDependencies };
  return name in (file.shipped ? shipped : { ...shipped, ...devDependencies, ...sharedDevDependencies });
}
