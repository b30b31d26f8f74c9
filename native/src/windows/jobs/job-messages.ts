/** What the completion port of a job tells, of what we count (JOB_OBJECT_MSG_… in winnt.h). */
const ACTIVE_PROCESS_LIMIT = 3;
const PROCESS_MEMORY_LIMIT = 9;
const JOB_MEMORY_LIMIT = 10;

/** How often something was refused for a limit of a job. */
export interface JobRefusals {
  readonly memory: number;
  readonly processes: number;
}

export const NO_REFUSALS: JobRefusals = { memory: 0, processes: 0 };

/** Adds what new messages say to what was refused before. Those of starts and ends are hints, which the list of processes replaces. */
export function addRefusals(before: JobRefusals, messages: readonly number[]): JobRefusals {
  const count = (...wanted: number[]): number => messages.filter((message) => wanted.includes(message)).length;
  return {
    memory: before.memory + count(PROCESS_MEMORY_LIMIT, JOB_MEMORY_LIMIT),
    processes: before.processes + count(ACTIVE_PROCESS_LIMIT),
  };
}
