import { coldStart } from './cold-start.js';
import { core } from './core.js';
import { isolation } from './isolation.js';
import { languages } from './languages.js';
import { latency } from './latency.js';
import { memory } from './memory.js';
import { original } from './original.js';
import { spawn } from './spawn.js';
import type { Suite } from './suite.js';
import { throughput } from './throughput.js';

/** In the order in which they run. */
export const SUITES: ReadonlyMap<string, Suite> = new Map([
  ['throughput', throughput],
  ['languages', languages],
  ['original', original],
  ['latency', latency],
  ['memory', memory],
  ['cold-start', coldStart],
  ['core', core],
  ['spawn', spawn],
  ['isolation', isolation],
]);
