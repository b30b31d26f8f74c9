// Compiles the addon and the guard for Windows on another system, by mingw-w64, into prebuilds/win32-x64, from where a
// Windows Node that sees this folder loads them: a virtual machine's, or Wine's.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILER = 'x86_64-w64-mingw32-g++-posix';
const root = fileURLToPath(new URL('..', import.meta.url));
const build = join(root, 'build-windows');
const prebuilds = join(root, 'prebuilds', 'win32-x64');

function run(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(`@ostler/native: ${command} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}\n`);
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  process.exit(1);
}

const missing = ['cmake', COMPILER].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
if (missing.length > 0) {
  process.stderr.write(`@ostler/native: no build for Windows: ${missing.join(' and ')} is not installed\n`);
  process.stderr.write('  Debian: apt-get install --no-install-recommends cmake make g++-mingw-w64-x86-64\n');
  process.exit(1);
}

run('cmake', '-S', root, '-B', build, '--toolchain', join(root, 'cmake', 'mingw64.cmake'));
run('cmake', '--build', build, '--parallel', '2');
mkdirSync(prebuilds, { recursive: true });
for (const file of ['ostler_native.node', 'ostler-guard.exe']) {
  copyFileSync(join(build, 'Release', file), join(prebuilds, file));
}
process.stderr.write(`@ostler/native: ${prebuilds} is filled\n`);
