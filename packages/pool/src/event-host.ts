import type { Announcer } from './announcer.js';
import type { Scheduler } from './core/index.js';
import type { LogOutput } from './log-output.js';
import type { MemoryWatch } from './memory-watch.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import type { OperatingSystem } from './os/operating-system.js';
import type { Ending } from './tasks/ending.js';
import type { TaskBook } from './tasks/task-book.js';
import type { WorkerLimits } from './worker-limits.js';
import type { WorkerProcess } from './worker-process/worker-process.js';
import type { WorkerWatch } from './worker-watch.js';

/** What the events of workers are told to: the shell. */
export interface EventHost {
  readonly options: ResolvedOptions;
  readonly os: OperatingSystem;
  readonly scheduler: Scheduler;
  readonly tasks: TaskBook;
  readonly workers: Map<number, WorkerProcess>;
  readonly watch: WorkerWatch;
  readonly memoryWatch: MemoryWatch;
  readonly limits: WorkerLimits;
  readonly log: LogOutput;
  readonly announcer: Announcer;
  ending: Ending;
  feed(event: (scheduler: Scheduler, now: number) => void, ending?: Ending): void;
  finish(): void;
}
