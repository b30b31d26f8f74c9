import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path/posix';
import { getAffinity } from './affinity.js';
import { load, requireWindows } from './load.js';
import { topology } from './topology.js';
import { cpusOfJobRate } from './windows/jobs/cpu-rate.js';

/** Reads a small file as text; undefined where there is none. */
export type ReadText = (path: string) => string | undefined;

/** CPUs that we may use: those of our affinity, or fewer where a cgroup (on Windows, a job) has a quota; a part of one counts as one. */
export function parallelism(allowed = allowedCpus(), read: ReadText = readText): number {
  const quota = process.platform === 'win32' ? jobQuota() : cpuQuota(read);
  return Math.max(1, Math.min(allowed, Math.ceil(quota)));
}

/** Node on Windows counts all that are there. */
function allowedCpus(): number {
  const isAsked = process.platform === 'win32' && load().binding !== undefined;
  return (isAsked ? getAffinity(process.pid)?.length : undefined) ?? availableParallelism();
}

/** What the job that we are in lets us have, in CPUs; `Infinity` for all. */
function jobQuota(): number {
  if (load().binding === undefined) return Infinity;
  const rate = requireWindows('parallelism').binding.ownCpuRate();
  return rate === undefined ? Infinity : cpusOfJobRate(rate, topology().length);
}

/** The tightest quota of the cgroups that we are in, in CPUs; `Infinity` for none, and where there are no cgroups. */
export function cpuQuota(read: ReadText): number {
  const ours = parseMemberships(read('/proc/self/cgroup') ?? '');
  let quota = Infinity;
  for (const mount of parseMounts(read('/proc/self/mountinfo') ?? '')) {
    const path = mount.version === 2 ? ours.unified : ours.cpu;
    if (path === undefined) continue;
    for (const folder of foldersUp(mount, path)) quota = Math.min(quota, quotaOf(folder, mount.version, read));
  }
  return quota;
}

interface CgroupMount {
  version: 1 | 2;
  /** The cgroup that stands at the mount's top; in a container that is often not '/'. */
  root: string;
  folder: string;
}

/** Our cgroups, from /proc/self/cgroup: in the unified hierarchy, and in that of version 1 that has the CPU controller. */
function parseMemberships(text: string): { unified?: string; cpu?: string } {
  const found: { unified?: string; cpu?: string } = {};
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    const [, controllers, path] = match as unknown as [string, string, string];
    if (controllers === '') found.unified = path;
    else if (controllers.split(',').includes('cpu')) found.cpu = path;
  }
  return found;
}

/** The mounted hierarchies, from /proc/self/mountinfo. */
function parseMounts(text: string): CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const line of text.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, folder] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    if (root === undefined || folder === undefined) continue;
    if (type === 'cgroup2') mounts.push({ version: 2, root, folder });
    else if (type === 'cgroup' && options.split(',').includes('cpu')) mounts.push({ version: 1, root, folder });
  }
  return mounts;
}

/** The folder of a cgroup and of all above it: the quota of each holds. */
function foldersUp(mount: CgroupMount, path: string): string[] {
  const below = relative(mount.root, path);
  // In a container without a cgroup namespace our path is one of the host's; what is ours is mounted at the top.
  let folder = below.startsWith('..') ? mount.folder : join(mount.folder, below);
  const folders = [folder];
  while (folder !== mount.folder && folder !== '/') {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

function quotaOf(folder: string, version: 1 | 2, read: ReadText): number {
  const text =
    version === 2
      ? read(join(folder, 'cpu.max'))
      : `${read(join(folder, 'cpu.cfs_quota_us')) ?? ''} ${read(join(folder, 'cpu.cfs_period_us')) ?? ''}`;
  const [quota, period] = (text ?? '').trim().split(/\s+/).map(Number);
  // Version 2 says 'max' for none, version 1 says -1.
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : Infinity;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // no Linux, no such cgroup, or no right to look: then there is no quota that we know of
  }
}
