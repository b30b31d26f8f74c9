// Copies what was compiled into the place from which the published package loads it: prebuilds/PLATFORM-ARCH. On Linux it
// also compiles for Windows; without the compiler for that it fails, unless OSTLER_PREBUILD=host asks for this system alone.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const from = new URL('../build/Release/', import.meta.url);
const to = new URL(`../prebuilds/${process.platform}-${process.arch}/`, import.meta.url);
const program = process.platform === 'win32' ? 'ostler-guard.exe' : 'ostler-guard';

mkdirSync(to, { recursive: true });
for (const file of ['ostler_native.node', program]) copyFileSync(new URL(file, from), new URL(file, to));
process.stderr.write(`@ostler/native: ${fileURLToPath(to)} is filled\n`);

if (process.platform === 'linux' && process.env.OSTLER_PREBUILD !== 'host') {
  const script = fileURLToPath(new URL('build-windows.mjs', import.meta.url));
  process.exitCode = spawnSync(process.execPath, [script], { stdio: 'inherit' }).status ?? 1;
}
