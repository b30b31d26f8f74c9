import type { OperatingSystem } from './os/operating-system.js';
import type { WorkerProcess } from './worker-process/worker-process.js';

/** Looks in a row without any progress of a worker that has not even taken in its task before it counts as stopped. */
const STUCK_LOOKS = 3;
/** States of a process that has ended and that nobody has waited for yet. */
const ENDED: ReadonlySet<string> = new Set(['Z', 'X']);

interface LastLook {
  cpuMs: number;
  bytesUnsent: number;
  looks: number;
}

/** Tells a busy worker from a stopped one by what the operating system says, never by how long its task takes. */
export class WorkerWatch {
  readonly #os: OperatingSystem;
  readonly #lastLooks = new WeakMap<WorkerProcess, LastLook>();

  constructor(os: OperatingSystem) {
    this.#os = os;
  }

  /** `stopped`: SIGSTOP (state T), or its task can't be delivered while it neither reads nor uses the CPU. */
  verdict(worker: WorkerProcess, headId: number): 'runs' | 'stopped' {
    const info = worker.pid === undefined ? null : this.#os.inspect(worker.pid);
    if (info === null) return 'runs';
    if (info.state === 'T' || info.state === 't') return 'stopped';
    const last = this.#lastLooks.get(worker);
    const stuck = worker.hasUnsent(headId) && last?.cpuMs === info.cpuMs && last.bytesUnsent === worker.bytesUnsent;
    const looks = stuck ? last.looks + 1 : 0;
    this.#lastLooks.set(worker, { cpuMs: info.cpuMs, bytesUnsent: worker.bytesUnsent, looks });
    return looks >= STUCK_LOOKS ? 'stopped' : 'runs';
  }

  /** Whether its process is known to have ended, so that the news of that must be on its way. */
  hasEnded({ pid }: WorkerProcess): boolean {
    if (pid === undefined || !this.#os.tellsOfProcesses) return false;
    const state = this.#os.inspect(pid)?.state;
    return state === undefined || ENDED.has(state);
  }

  /**
   * Whether a worker has more memory than `limit` bytes: its group's, or its own without what it shares with others, which
   * takes the system longer to say and is asked only where the whole is above the limit.
   */
  isAbove(worker: WorkerProcess, limit: number): boolean {
    const { pid } = worker;
    const grouped = worker.usage()?.memory ?? null;
    if (grouped !== null || pid === undefined) return grouped !== null && grouped > limit;
    const resident = this.#os.inspect(pid)?.rss ?? 0;
    return resident > limit && (this.#os.privateMemory(pid) ?? resident) > limit;
  }
}
