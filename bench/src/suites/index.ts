import { coldStart } from './cold-start.js';
import { core } from './core.js';
import { latency } from './latency.js';
import { memory } from './memory.js';
import type { Suite } from './suite.js';
import { throughput } from './throughput.js';

/** In the order in which they run. */
export const SUITES: ReadonlyMap<string, Suite> = new Map([
  ['throughput', throughput],
  ['latency', latency],
  ['memory', memory],
  ['cold-start', coldStart],
  ['core', core],
]);
