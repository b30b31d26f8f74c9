import type { PoolOptions, ProcessPool } from '@ostler/pool';
import type { Machine, OperatingSystem } from '@ostler/pool/os';

/** The class of pools that is looked at: the present one, or one with a planted bug. */
export type PoolClass = typeof ProcessPool;

/** A pool that lives on that operating system, with so many CPUs and an empty environment. */
export function poolOn(
  Pool: PoolClass,
  os: OperatingSystem,
  { cpus, ...options }: PoolOptions & { cpus: number },
): ProcessPool {
  const surroundings: Machine['surroundings'] = {
    cpus,
    env: {},
    platform: 'linux',
    execPath: '/bin/node',
    nodeVersion: '20.20.0',
    execArgv: [],
    hostScript: '/host.js',
  };
  class SimulatedPool extends Pool {
    protected override machine(): Machine {
      return { os, surroundings };
    }
  }
  return new SimulatedPool(options);
}
