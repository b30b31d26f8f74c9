import type { JobObject } from '../../binding.js';
import { checkLimits, checkSupport } from '../../control-groups/apply-limits.js';
import type { ControlGroup, GroupLimit, GroupLimits, GroupUsage, Support } from '../../control-groups/control-group.js';
import { requireWindows } from '../../load.js';
import { asOsControl } from '../../os-control-error.js';
import { processes } from '../../processes.js';
import { cpusOfJobRate, jobRateOf } from './cpu-rate.js';
import { addRefusals, NO_REFUSALS } from './job-messages.js';
import { setJobLimits } from './set-job-limits.js';

/** What ends by force ends with this exit code, as what a guard ends (guard/windows/guard.c). */
const ENDED_BY_FORCE = 137;

/** Jobs that nobody has removed: what is in a job would end with the last reference to it. */
const open = new Set<JobGroup>();

/** What the jobs of one driver share. */
export interface JobContext {
  /** How many CPUs the machine has. */
  readonly online: number;
  readonly support: Readonly<Record<GroupLimit, Support>>;
}

/** A job object in the place of a control group. Its name is what a guard opens it by. */
export class JobGroup implements ControlGroup {
  readonly folders: readonly string[];
  readonly #context: JobContext;
  readonly #job: JobObject;
  /** What was refused for the limits of this job. */
  #refusals = NO_REFUSALS;

  constructor(context: JobContext, name: string, parent?: JobGroup) {
    const { binding } = requireWindows('createPoolGroup');
    this.#context = context;
    this.#job = asOsControl(() => new binding.Job(name), { about: name });
    this.folders = [...(parent?.folders ?? []), name];
    open.add(this);
  }

  createChild(name: string): ControlGroup {
    return new JobGroup(this.#context, `${this.folders.at(-1)}-${jobName(name)}`, this);
  }

  setLimits(limits: GroupLimits): void {
    checkLimits(limits);
    checkSupport(limits, this.#context.support);
    setJobLimits(this.#job, {
      jobMemory: limits.memory,
      activeProcesses: limits.maxProcesses,
      cpuRate: limits.cpuRate === undefined ? undefined : jobRateOf(limits.cpuRate, this.#context.online),
    });
  }

  limits(): GroupLimits {
    const { jobMemory, activeProcesses, cpuRate } = asOsControl(() => this.#job.limits());
    return {
      memory: jobMemory,
      maxProcesses: activeProcesses,
      cpuRate: cpuRate === undefined ? undefined : cpusOfJobRate(cpuRate, this.#context.online),
    };
  }

  usage(): GroupUsage {
    this.#takeMessages();
    const { cpuMs, peakJobMemory } = asOsControl(() => this.#job.usage());
    const pids = this.pids();
    const memory = pids.map((pid) => processes.privateMemory(pid)).filter((each) => each !== null);
    return {
      memory: memory.length === 0 && pids.length > 0 ? null : memory.reduce((sum, each) => sum + each, 0),
      peakMemory: peakJobMemory || null,
      cpuMs,
      processes: pids.length,
    };
  }

  /** Windows kills nobody for memory: it refuses, and a program that can't do without ends. */
  oomKills(): number {
    this.#takeMessages();
    return this.#refusals.memory;
  }

  /** By the job's own list: of events, Windows may leave some away. */
  pids(): number[] {
    if (!open.has(this)) return [];
    return asOsControl(() => this.#job.processes());
  }

  kill(): void {
    if (open.has(this)) asOsControl(() => this.#job.terminate(ENDED_BY_FORCE));
  }

  remove(): boolean {
    if (!open.has(this)) return true;
    if (this.pids().length > 0) return false;
    this.#takeMessages();
    open.delete(this);
    this.#job.close();
    return true;
  }

  #takeMessages(): void {
    if (!open.has(this)) return;
    this.#refusals = addRefusals(
      this.#refusals,
      asOsControl(() => this.#job.takeMessages()),
    );
  }
}

/** A backslash would be a folder of Windows' names. */
export function jobName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 100);
}
