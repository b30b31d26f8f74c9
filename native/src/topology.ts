import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseCpuList } from './cpu-list.js';
import { load, requireWindows } from './load.js';
import { asOsControl } from './os-control-error.js';

/** A logical CPU and what it shares with others; -1 where the system does not tell. */
export interface Cpu {
  /** Its global number, as `setAffinity` takes it. */
  readonly cpu: number;
  /** CPUs of one core are its hardware threads. Unique within a package. */
  readonly core: number;
  /** The socket. */
  readonly package: number;
  /** The node of memory that is near to it. */
  readonly node: number;
  /** The lowest number of the CPUs that share its last cache with it. */
  readonly cache: number;
}

const ROOT = '/sys/devices/system/';

/**
 * The CPUs that are online, in ascending order, from /sys/devices/system/cpu (sysfs-devices-system-cpu of the kernel); on
 * Windows from GetLogicalProcessorInformationEx, where numbers run through the processor groups.
 */
export function topology(): Cpu[] {
  if (process.platform === 'win32' && load().binding !== undefined) return windowsTopology();
  const online = parseCpuList(read(`${ROOT}cpu/online`) ?? '');
  return online.length === 0 ? unknownTopology() : sysfsTopology(online);
}

function windowsTopology(): Cpu[] {
  const { binding } = requireWindows('topology');
  const processors = asOsControl(() => binding.processors());
  return processors.map(([cpu, core, pkg, node, cache]) => ({ cpu, core, package: pkg, node, cache }));
}

function unknownTopology(): Cpu[] {
  const nothing = { core: -1, package: -1, node: -1, cache: -1 };
  return Array.from({ length: availableParallelism() }, (_, cpu) => ({ cpu, ...nothing }));
}

function sysfsTopology(online: readonly number[]): Cpu[] {
  const nodes = nodesOf();
  return online.map((cpu) => {
    const folder = `${ROOT}cpu/cpu${cpu}/`;
    return {
      cpu,
      core: numberIn(`${folder}topology/core_id`),
      package: numberIn(`${folder}topology/physical_package_id`),
      node: nodes.get(cpu) ?? -1,
      cache: parseCpuList(read(`${folder}cache/index3/shared_cpu_list`) ?? '')[0] ?? -1,
    };
  });
}

function nodesOf(): Map<number, number> {
  const nodes = new Map<number, number>();
  for (const name of list(`${ROOT}node`)) {
    const node = /^node(\d+)$/.exec(name)?.[1];
    if (node === undefined) continue;
    for (const cpu of parseCpuList(read(`${ROOT}node/${name}/cpulist`) ?? '')) nodes.set(cpu, Number(node));
  }
  return nodes;
}

function numberIn(path: string): number {
  const text = read(path);
  return text === undefined ? -1 : Number(text);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a kernel without NUMA, or no Linux
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined; // not told here
  }
}
