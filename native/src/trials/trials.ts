import type { Support } from '../control-groups/control-group.js';
import type { Priority } from '../priority.js';
import type { GuardTrial } from './guard-trial.js';

/** What is tried in another way on each system. */
export interface Trials {
  priority(priority: Priority): Support;
  cpus(): Support;
  guard(): GuardTrial;
  fastSpawn(): Support;
  mappedFiles(): Support;
}
