// Checks the directions in which the workspace's packages may depend on each other, and that no imports run in a circle:
// node scripts/check-imports.mjs [ROOT]. Prints `file:line: what is wrong` and exits with 1 if anything is.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCycles } from './imports/cycles.mjs';
import { checkFile } from './imports/rules.mjs';
import { readWorkspace } from './imports/workspace.mjs';

/** All violations under a workspace root, as `{ file, line, message }` with paths relative to it. */
export function checkImports(root) {
  const workspace = readWorkspace(root);
  const violations = workspace.files.flatMap((file) => checkFile(file, workspace));
  const cycles = findCycles(fileGraph(workspace.files)).concat(findCycles(packageGraph(workspace)));
  for (const cycle of cycles) {
    const names = [...cycle.map((edge) => edge.from), cycle[0].from];
    violations.push({ ...cycle[0].site, message: `import cycle: ${names.join(' -> ')}` });
  }
  return violations.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** Edges between files of one package. Types count: a circle of types is a circle in the reader's head too. */
function fileGraph(files) {
  return files.flatMap((file) =>
    file.imports
      .filter((found) => found.target !== undefined)
      .map((found) => ({ from: file.path, to: found.target, site: { file: file.path, line: found.line } })),
  );
}

/** Edges between packages, from what they ship: a package's tests are no part of it. */
function packageGraph({ files, packages }) {
  return files
    .filter((file) => file.shipped)
    .flatMap((file) =>
      file.imports
        .filter((found) => packages.has(found.packageName) && found.packageName !== file.package.name)
        .map(({ packageName, line }) => ({
          from: file.package.name,
          to: packageName,
          site: { file: file.path, line },
        })),
    );
}

function main([root = resolve(dirname(fileURLToPath(import.meta.url)), '..')]) {
  const violations = checkImports(resolve(root));
  for (const { file, line, message } of violations) process.stdout.write(`${file}:${line}: ${message}\n`);
  return violations.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
