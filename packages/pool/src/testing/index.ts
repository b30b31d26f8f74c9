export { type InProcessOptions, type InProcessPool, inProcessPool } from './in-process-pool.js';
export type { PlannedCrash } from './planned-faults.js';
