export { complete } from './completion.js';
export { describeMove, type ExitKind, type Move, type MoveType } from './move.js';
export { possibleMoves } from './possible-moves.js';
export { demandsMade, PropertyViolation } from './property-violation.js';
export { type BrokenWorld, replay, runRandomWorld } from './random-world.js';
export { shorten } from './shorten.js';
export { World } from './world.js';
export type { Engine, TaskPlan, WorldOptions } from './world-options.js';
