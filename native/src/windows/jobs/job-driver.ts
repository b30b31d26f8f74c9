import { randomBytes } from 'node:crypto';
import type {
  ControlGroup,
  ControlGroupDriver,
  GroupLimit,
  GroupLimits,
  Support,
} from '../../control-groups/control-group.js';
import { topology } from '../../topology.js';
import { attempt, WORKS } from '../../trials/support.js';
import { type JobContext, JobGroup, jobName } from './job-group.js';

const TRIALS: Readonly<Record<GroupLimit, GroupLimits>> = {
  memory: { memory: 64 * 1_048_576 },
  cpuRate: { cpuRate: 0.01 },
  maxProcesses: { maxProcesses: 100 },
};

const UNTRIED = { memory: WORKS, cpuRate: WORKS, maxProcesses: WORKS };

/** Job objects in the place of control groups: what is in one ends when we do. */
export class JobDriver implements ControlGroupDriver {
  readonly version = 'jobs';
  readonly support: Readonly<Record<GroupLimit, Support>>;
  readonly #context: JobContext;

  constructor() {
    const online = topology().length;
    const tryLimit = (limit: GroupLimit): Support => attempt(() => tryOne({ online, support: UNTRIED }, TRIALS[limit]));
    this.support = { memory: tryLimit('memory'), cpuRate: tryLimit('cpuRate'), maxProcesses: tryLimit('maxProcesses') };
    this.#context = { online, support: this.support };
  }

  createPoolGroup(name: string): ControlGroup {
    return new JobGroup(this.#context, nameOf(name));
  }

  /** None is ever left: Windows removes a job with its owner. */
  removeStaleGroups(): number {
    return 0;
  }
}

function tryOne(context: JobContext, limits: GroupLimits): Support {
  const group = new JobGroup(context, nameOf('trial'));
  try {
    group.setLimits(limits);
    return WORKS;
  } finally {
    group.remove();
  }
}

/** Of this session, and one that nobody can guess: whoever made it first would have our workers. */
function nameOf(name: string): string {
  return `Local\\ostler-${process.pid}-${randomBytes(16).toString('hex')}-${jobName(name)}`;
}
