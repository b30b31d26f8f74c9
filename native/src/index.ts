export { getAffinity, setAffinity } from './affinity.js';
export { type Capabilities, capabilities } from './capabilities.js';
export type {
  ControlGroup,
  ControlGroupDriver,
  GroupLimit,
  GroupLimits,
  GroupUsage,
  Support,
} from './control-groups/control-group.js';
export { type ControlGroups, findControlGroups } from './control-groups/find-control-groups.js';
export type { GuardLimits } from './guard-limits.js';
export type { GuardedCommand, GuardedDescriptor, GuardedListener, GuardedProcess } from './guarded-command.js';
export { spawnGuarded } from './guarded-process.js';
export { type Loaded, load } from './load.js';
export { mapFile } from './memory-map.js';
export { adoptOrphans, reapOrphans } from './orphans.js';
export { errorName, OsControlError } from './os-control-error.js';
export { parallelism } from './parallelism.js';
export {
  getPriority,
  getScheduling,
  type Priority,
  schedulingOf,
  setPriority,
  setScheduling,
} from './priority.js';
export {
  type ProcessInfo,
  peakMemory,
  privateMemory,
  processInfo,
  processUsage,
  type TreeInfo,
  treeInfo,
} from './process-info.js';
export { refusedLimit } from './refused-limit.js';
export type { Scheduling } from './scheduling.js';
export { createSharedMemory, openSharedMemory } from './shared-memory.js';
export type { Reach } from './threads.js';
export { type Cpu, topology } from './topology.js';
export { killTree, resume, suspend } from './tree.js';
