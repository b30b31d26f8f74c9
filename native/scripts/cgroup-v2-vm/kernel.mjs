import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Depends on the kernel that is current in the Debian release of this machine. */
const META_PACKAGE = 'linux-image-cloud-amd64';
const CACHE = fileURLToPath(new URL('../../build/cgroup-v2-vm/', import.meta.url));

/** The path of Debian's kernel for virtual machines, fetched once per version; nothing is installed. */
export function fetchKernel(folder) {
  const name = kernelPackage();
  const cached = join(CACHE, name);
  if (existsSync(cached)) return cached;
  const download = () => spawnSync('apt-get', ['download', '-q', name], { cwd: folder, encoding: 'utf8' });
  let result = download();
  if (result.status !== 0) {
    command('apt-get', ['update', '-q']);
    result = download();
  }
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
  if (archive === undefined) throw new Error(`apt-get download ${name} failed: ${result.stderr}`);
  command('dpkg-deb', ['-x', join(folder, archive), join(folder, 'kernel')]);
  const boot = join(folder, 'kernel', 'boot');
  const image = readdirSync(boot).find((file) => file.startsWith('vmlinuz'));
  mkdirSync(CACHE, { recursive: true });
  // Under its own name only when it is complete.
  copyFileSync(join(boot, image), `${cached}.${process.pid}`);
  renameSync(`${cached}.${process.pid}`, cached);
  return cached;
}

function kernelPackage() {
  const depends = command('apt-cache', ['depends', META_PACKAGE]);
  const [, name] = /Depends: (linux-image-\S+)/.exec(depends) ?? [];
  if (name === undefined) throw new Error(`apt knows no ${META_PACKAGE}: run apt-get update on a Debian system`);
  return name;
}

function command(name, args) {
  const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')} failed: ${stderr}`);
  return stdout;
}
