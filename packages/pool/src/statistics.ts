import type { PoolStats } from './pool-stats.js';
import type { Shell } from './shell.js';

/** Two samples of CPU time must be this far apart, in milliseconds, to tell a rate. */
const SAMPLE_INTERVAL = 1_000;

/** Puts the numbers together that `stats()` gives. */
export class Statistics {
  readonly #shell: Shell;
  #sample: { at: number; cpuMs: Map<number, number> } | undefined;
  #cpuCores: number | null = null;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  take({ state, profile }: Pick<PoolStats, 'state' | 'profile'>): PoolStats {
    const { scheduler, os, tasks } = this.#shell;
    const { workers, queue, tally } = scheduler;
    const now = os.now();
    const { oldestQueuedAt } = queue;
    const finishing = workers.stopping.filter((worker) => worker.finishing).length;
    const workerList = this.#workerList(now);
    return {
      state,
      profile,
      workers: {
        total: workers.total,
        starting: workers.starting.length,
        idle: workers.idle.length,
        busy: workers.busy.length + finishing,
        stopping: workers.stopping.length - finishing,
      },
      queue: {
        size: queue.size,
        bytes: queue.bytes,
        oldestMs: oldestQueuedAt === Infinity ? 0 : Math.max(0, now - oldestQueuedAt),
        causes: scheduler.causes(),
      },
      tasks: { ...tally.tasks, running: scheduler.running },
      started: tally.started,
      crashes: tally.crashes,
      retired: { ...tally.retired },
      cpuCores: this.#sampleCpu(now),
      latency: { wait: tasks.waitLatency.percentiles(now), run: tasks.runLatency.percentiles(now) },
      workerList,
    };
  }

  #workerList(now: number): PoolStats['workerList'] {
    const { scheduler, os, tasks, workers: processes } = this.#shell;
    return Array.from(scheduler.workers, (worker) => {
      const process = processes.get(worker.id);
      const pid = process?.pid ?? 0;
      const head = worker.inFlight.length > 0 ? worker.inFlight.at(0) : undefined;
      const task = head === undefined ? undefined : tasks.get(head);
      return {
        id: worker.id,
        slot: worker.slot,
        pid,
        state: worker.finishing ? 'busy' : worker.state,
        tenant: worker.tenant?.name ?? null,
        tasks: worker.tasksDone,
        startedAt: os.timeOrigin + worker.startedAt,
        rss: pid === 0 ? null : (process?.usage()?.memory ?? os.inspect(pid)?.rss ?? null),
        task:
          head === undefined || task === undefined
            ? null
            : {
                id: tasks.idOf(head),
                handler: task.handler,
                tenant: task.tenant,
                ageMs: now - (scheduler.tasks.startedAt[head] as number),
              },
      };
    });
  }

  /** CPUs that the live workers used between the last two samples, or null before there are two. */
  #sampleCpu(now: number): number | null {
    if (this.#sample !== undefined && now - this.#sample.at < SAMPLE_INTERVAL) return this.#cpuCores;
    const { os, workers } = this.#shell;
    const cpuMs = new Map<number, number>();
    let used = 0;
    for (const [id, worker] of workers) {
      const total = worker.pid === undefined ? null : (worker.usage()?.cpuMs ?? os.inspect(worker.pid)?.cpuMs ?? null);
      if (total === null) continue;
      cpuMs.set(id, total);
      used += total - (this.#sample?.cpuMs.get(id) ?? 0);
    }
    if (this.#sample !== undefined) this.#cpuCores = used / (now - this.#sample.at);
    this.#sample = { at: now, cpuMs };
    return this.#cpuCores;
  }
}
