import type { Exit } from '../exit.js';
import { exitInWords } from './exit-in-words.js';
import { lastLine, oneLine } from './one-line.js';
import { nameErrors } from './ostler-error.js';
import { outOfMemory } from './out-of-memory.js';
import { TaskError, type TaskFacts, taskInWords, workerInWords } from './task-error.js';

const OUT_OF_MEMORY = {
  kernel: '; the kernel ended it because memory had run out',
  runtime: '; its memory had run out',
} as const;

export interface WorkerCrashFacts extends TaskFacts {
  exit: Exit;
  stderrTail: string;
  /** It was stopped, or closed its channel, so the pool killed it. */
  unresponsive: boolean;
  /** What it died of, where the task had no part in it. */
  diedOf?: string | undefined;
  /** Found out from exit and stderr where it is not given. */
  oom?: 'kernel' | 'runtime' | null | undefined;
}

/** The worker died, or stopped answering and was killed, while it held the task. */
export class WorkerCrashedError extends TaskError {
  readonly exit: Exit;
  readonly stderrTail: string;
  readonly oom: 'kernel' | 'runtime' | null;
  readonly unresponsive: boolean;

  static {
    nameErrors(WorkerCrashedError, 'WorkerCrashedError');
  }

  constructor(facts: WorkerCrashFacts) {
    const oom = facts.oom === undefined ? outOfMemory(facts.exit, facts.stderrTail) : facts.oom;
    super(crashStory(facts, oom), 'ERR_WORKER_CRASHED', facts);
    this.exit = facts.exit;
    this.stderrTail = facts.stderrTail;
    this.oom = oom;
    this.unresponsive = facts.unresponsive;
  }
}

/** The worker went over a limit that the pool had set, and was killed. */
export class ResourceLimitError extends TaskError {
  readonly resource: 'memory' | 'maxProcesses';
  readonly limit: number;
  readonly used: number | null;

  static {
    nameErrors(ResourceLimitError, 'ResourceLimitError');
  }

  constructor(
    facts: TaskFacts & { resource: 'memory' | 'maxProcesses'; limit: number; used: number | null; pid: number },
  ) {
    const { resource, limit, used, pid } = facts;
    const unit = resource === 'memory' ? 'bytes' : 'processes';
    const detail = used === null ? '' : `, it used ${used}`;
    const story = `${workerInWords(pid)} went over resources.${resource} (${limit} ${unit}${detail}) ${during(facts)} and was killed`;
    super(story, 'ERR_RESOURCE_LIMIT', facts);
    this.resource = resource;
    this.limit = limit;
    this.used = used;
  }
}

/** Where the conversation between the pool and a worker broke. */
export interface ProtocolFacts extends TaskFacts {
  /** Whose bytes were wrong. */
  side: 'worker' | 'pool';
  /** Of the first wrong byte in what `side` had sent; 0 where a whole frame is wrong. */
  offset: number;
  /** The bytes found there, made printable. */
  excerpt: string;
  /** What is wrong. */
  message: string;
  pid?: number | undefined;
}

/** What came through the channel was no frame, or not the one that had to come. */
export class ProtocolError extends TaskError {
  readonly side: 'worker' | 'pool';
  readonly offset: number;
  readonly excerpt: string;

  static {
    nameErrors(ProtocolError, 'ProtocolError');
  }

  constructor(facts: ProtocolFacts) {
    const { side, offset, excerpt, message, pid } = facts;
    const found = excerpt === '' ? '' : `; found there: ${oneLine(excerpt)}`;
    const place = offset === 0 ? '' : ` at byte ${offset}`;
    const who = side === 'worker' ? `${workerInWords(pid)} broke` : `${workerInWords(pid)} says that the pool broke`;
    const story = `${who} the protocol${place}: ${oneLine(message)}, ${during(facts)}${found}`;
    super(story, 'ERR_PROTOCOL', facts);
    this.side = side;
    this.offset = offset;
    this.excerpt = excerpt;
  }
}

/** What became of one attempt that ended with its worker. */
export interface AttemptEvidence {
  attempt: number;
  workerId: number;
  exit: Exit;
  stderrTail: string;
}

/** Every attempt of the task killed its worker: it is not tried again. */
export class PoisonTaskError extends TaskError {
  readonly evidence: readonly AttemptEvidence[];

  static {
    nameErrors(PoisonTaskError, 'PoisonTaskError');
  }

  constructor(facts: TaskFacts & { evidence: readonly AttemptEvidence[] }) {
    super(poisonStory(facts), 'ERR_POISON_TASK', facts);
    this.evidence = facts.evidence;
  }
}

/** "; its stderr ended with: …", or nothing. */
export function stderrInWords(stderrTail: string): string {
  const line = lastLine(stderrTail);
  return line === '' ? '' : `; its stderr ended with: ${line}`;
}

function crashStory(facts: WorkerCrashFacts, oom: 'kernel' | 'runtime' | null): string {
  const worker = workerInWords(facts.exit.pid);
  const end = facts.unresponsive ? 'no longer answered and was killed' : exitInWords(facts.exit);
  const memory = oom === null ? '' : OUT_OF_MEMORY[oom];
  const cause = facts.diedOf === undefined ? '' : `; it died of ${facts.diedOf}`;
  return `${worker} ${end} ${during(facts)}${cause}${memory}${stderrInWords(facts.stderrTail)}`;
}

function during(facts: TaskFacts): string {
  return `${facts.started ? 'while it ran' : 'before it began'} ${taskInWords(facts)}`;
}

function poisonStory(facts: TaskFacts & { evidence: readonly AttemptEvidence[] }): string {
  const { evidence } = facts;
  const last = evidence.at(-1);
  const story = `${taskInWords({ ...facts, attempt: 1 })} killed ${evidence.length} workers and is not tried again`;
  if (last === undefined) return story;
  return `${story}; the last one, pid ${last.exit.pid}, ${exitInWords(last.exit)}${stderrInWords(last.stderrTail)}`;
}
