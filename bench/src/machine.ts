import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** Where the figures come from: they mean nothing on another machine. */
export interface Machine {
  cpu: string;
  cpus: number;
  memoryGiB: number;
  system: string;
  node: string;
  /** The version of the .NET SDK; null where there is none. */
  dotnet: string | null;
  takenAt: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    dotnet: spawnSync('dotnet', ['--version'], { encoding: 'utf8' }).stdout?.trim() || null,
    takenAt: new Date().toISOString(),
  };
}

/** One line for the head of the table. */
export function machineLine({ cpu, cpus, memoryGiB, system, node, dotnet }: Machine): string {
  return `${cpu}, ${cpus} CPUs, ${memoryGiB} GiB, ${system}, Node ${node}, ${dotnet === null ? 'no .NET' : `.NET SDK ${dotnet}`}; processes are placed by the system, none is pinned to a CPU`;
}
