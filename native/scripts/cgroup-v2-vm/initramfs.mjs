import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, copyFileSync, cpSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const GUEST = fileURLToPath(new URL('guest/', import.meta.url));
/** The programs of this machine that run in the other, with the libraries that they load. */
const PROGRAMS = { node: process.execPath, 'unshare-cgroup': '/usr/bin/unshare' };

/** Packs the first and only file system of the machine: busybox, Node, this package as built, and the checks. */
export function buildInitramfs(folder) {
  const root = join(folder, 'root');
  for (const name of ['bin', 'proc', 'sys', 'dev', 'tmp', 'app']) mkdirSync(join(root, name), { recursive: true });
  copyFileSync(execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim(), join(root, 'bin', 'busybox'));
  for (const [name, path] of Object.entries(PROGRAMS)) copyProgram(root, { name, path: realpathSync(path) });
  for (const part of ['dist', 'build/Release', 'package.json']) {
    cpSync(join(PACKAGE, part), join(root, 'app', part), { recursive: true });
  }
  cpSync(GUEST, join(root, 'app', 'guest'), { recursive: true });
  copyFileSync(join(GUEST, 'init.sh'), join(root, 'init'));
  chmodSync(join(root, 'init'), 0o755);
  return pack(root, join(folder, 'initramfs.cpio'));
}

function copyProgram(root, { name, path }) {
  copyFileSync(path, join(root, 'bin', name));
  const libraries = execFileSync('ldd', [path], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g);
  for (const [, library] of libraries) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(realpathSync(library), join(root, library));
  }
}

/** Not compressed: the emulated processor would take longer to unpack it than the memory is worth. */
function pack(root, archive) {
  const names = execFileSync('find', ['.'], { cwd: root });
  const output = openSync(archive, 'w');
  execFileSync('busybox', ['cpio', '-o', '-H', 'newc'], { cwd: root, input: names, stdio: ['pipe', output, 'ignore'] });
  closeSync(output);
  return archive;
}
