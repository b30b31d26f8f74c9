import { createRequire } from 'node:module';
import { parallelism } from '@ostler/native';

/** What a pool's options depend on beside themselves: the process and the machine that it is in. */
export interface Surroundings {
  /** CPUs that we may use. */
  readonly cpus: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Node's executable, its version as '20.20.2', and the flags that we were started with. */
  readonly execPath: string;
  readonly nodeVersion: string;
  readonly execArgv: readonly string[];
  /** The program that runs the files of the option `worker`. */
  readonly hostScript: string;
}

/** Our own, as they are now. */
export function ourSurroundings(): Surroundings {
  return {
    cpus: parallelism(),
    env: process.env,
    platform: process.platform,
    execPath: process.execPath,
    nodeVersion: process.versions.node,
    execArgv: process.execArgv,
    get hostScript() {
      return createRequire(import.meta.url).resolve('@ostler/worker/host');
    },
  };
}
