export { describeBroken, describeMoves } from './describe-scenario.js';
export { randomScenario } from './random-scenario.js';
export { type BrokenScenario, runScenario, runShellWorld, type ScenarioRun } from './run-scenario.js';
export type { Act, Move, Scenario } from './scenario.js';
export { shortenScenario } from './shorten-scenario.js';
export { type PoolClass, poolOn } from './simulated-pool.js';
