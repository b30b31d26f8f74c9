import { readFileSync } from 'node:fs';
import { release, totalmem } from 'node:os';
import { capabilities, findControlGroups, load, parallelism, topology } from '@ostler/native';

/** Whether something works here, and if it doesn't, what is missing and what would mend it. */
export type Finding = { readonly available: true } | { readonly available: false; readonly reason: string };

/** What `ostler doctor --json` prints. Sizes in bytes. */
export interface Examination {
  readonly platform: string;
  readonly arch: string;
  readonly release: string;
  readonly node: string;
  readonly cpus: { readonly online: number; readonly usable: number };
  /** `limit`: of the control groups that we are in; null for none. */
  readonly memory: { readonly total: number; readonly limit: number | null };
  /** How many files one process may have open; null where the system does not tell. A worker takes five in the pool. */
  readonly openFiles: number | null;
  readonly addon: Finding & { readonly path?: string };
  readonly controlGroups: Finding & { readonly version?: 1 | 2 | 'jobs' };
  readonly controls: Readonly<Record<string, Finding>>;
}

/** Looks at this machine, and tries what works on it. */
export function examine(): Examination {
  const native = load();
  const groups = findControlGroups();
  const { priority, ...others } = capabilities();
  const priorities = Object.entries(priority).map(([name, finding]) => [`priority ${name}`, finding] as const);
  return {
    platform: process.platform,
    arch: process.arch,
    release: release(),
    node: process.versions.node,
    cpus: { online: topology().length, usable: parallelism() },
    memory: { total: totalmem(), limit: memoryLimit() },
    openFiles: openFiles(),
    addon: native.binding === undefined ? missing(native.reason) : { available: true, path: native.addonPath },
    controlGroups: 'reason' in groups ? missing(groups.reason) : { available: true, version: groups.version },
    controls: { ...Object.fromEntries(priorities), ...others },
  };
}

/** Node says 0 where it does not know, and a number near 2^64 for no limit. */
function memoryLimit(): number | null {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : null;
}

function openFiles(): number | null {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null; // no /proc
  }
}

function missing(reason: string): Finding {
  return { available: false, reason };
}
