import type {
  FileListener,
  FileWatching,
  Limiter,
  LimitName,
  MissingLimit,
  OperatingSystem,
  OsProcess,
  ProcessInfo,
  ProcessListener,
  SpawnError,
  SpawnRequest,
} from '@ostler/pool/os';
import type { SimulatedEvent } from './simulation/input-pipe.js';
import type { ProgramMaker } from './simulation/program.js';
import { Random } from './simulation/random.js';
import { SimulatedLedger } from './simulation/simulated-ledger.js';
import { SimulatedLimiter } from './simulation/simulated-limiter.js';
import { SimulatedProcess } from './simulation/simulated-process.js';

/** The clock goes on by up to so many milliseconds with every event. */
const MAX_STEP = 0.2;
/** How often time leaps to a timer that is near, although something else could happen: nothing on a machine is quick for sure. */
const LEAP = 0.005;
/** Milliseconds to a near timer. */
const NEAR = 200;

export interface SimulatedOsOptions {
  readonly seed: number;
  /** What the process number so-and-so (from 0) runs, or the code with which it can't be started (EAGAIN, ENOENT, …). */
  readonly program: (index: number, request: SpawnRequest) => ProgramMaker | string;
  /** false: as on Windows. */
  readonly hasPrivateChannel?: boolean;
  /** false: as where there is no file system in memory. */
  readonly hasLedgers?: boolean;
}

// Taken when this module is loaded, as a test may fake it.
const { setImmediate } = globalThis;

interface SimulatedTimer {
  readonly at: number;
  readonly callback: () => void;
  /** Its time has come, and with it the look at all pipes that goes before its callback. */
  hasCome: boolean;
}

/**
 * A machine in which nothing happens by itself: `step()` lets one of the events happen that may come next, chosen by the
 * seed. The same seed, programs and calls give the same run.
 */
export class SimulatedOs implements OperatingSystem {
  readonly timeOrigin = 1_800_000_000_000;
  readonly hasPrivateChannel: boolean;
  readonly addonPath = undefined;
  readonly tellsOfProcesses = true;
  readonly random: Random;
  /** All that were ever started, or tried to be. */
  readonly processes: SimulatedProcess[] = [];
  readonly ledgers: SimulatedLedger[] = [];
  readonly #options: SimulatedOsOptions;
  readonly #watched = new Map<FileListener, readonly string[]>();
  readonly #timers = new Set<SimulatedTimer>();
  readonly #turn: (() => void)[] = [];
  /** What the event loop looks at first, as the time of a timer has come. */
  #polls: SimulatedEvent[] = [];
  #now = 1;

  constructor(options: SimulatedOsOptions) {
    this.#options = options;
    this.random = new Random(options.seed);
    this.hasPrivateChannel = options.hasPrivateChannel ?? true;
  }

  /** Lets one event happen, and what follows from it in the same turn; false where nothing is left to come. */
  step(): boolean {
    this.settle();
    const event = this.#choose();
    if (event === undefined) return false;
    this.#now += this.random.fraction() * MAX_STEP;
    event();
    this.settle();
    return true;
  }

  /** Steps until the condition holds: true, or nothing more happens: false. Throws after `limit` steps. */
  run(until: () => boolean = () => false, limit = 100_000): boolean {
    this.settle();
    for (let steps = 0; steps < limit; steps++) {
      if (until()) return true;
      if (!this.step()) return until();
    }
    throw new Error(`the simulated world did not come to an end within ${limit} steps`);
  }

  /** As `run`, but lets promises go on between two steps. */
  async runAsync(until: () => boolean = () => false, limit = 100_000): Promise<boolean> {
    for (let steps = 0; steps < limit; steps++) {
      await turnOfNode();
      if (until()) return true;
      if (this.step()) continue;
      await turnOfNode();
      if (until() || !this.#canStep()) return until();
    }
    throw new Error(`the simulated world did not come to an end within ${limit} steps`);
  }

  /** Ends the present turn: calls what waits for that. */
  settle(): void {
    for (let callback = this.#turn.shift(); callback !== undefined; callback = this.#turn.shift()) callback();
  }

  /** How many processes run, or have exited without the pool being told. */
  get live(): number {
    return this.processes.filter(({ info }) => info !== null).length;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  wallTime(): number {
    return this.timeOrigin + this.#now;
  }

  now(): number {
    return this.#now;
  }

  /** Lets time pass in which nothing happens. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  setTimer(callback: () => void, delay: number): object {
    if (!(delay >= 0 && delay <= 2 ** 31 - 1)) throw new RangeError(`no timer can be set for ${delay} ms`);
    const timer = { at: this.#now + delay, callback, hasCome: false };
    this.#timers.add(timer);
    return timer;
  }

  clearTimer(timer: object): void {
    this.#timers.delete(timer as SimulatedTimer);
  }

  atEndOfTurn(callback: () => void): void {
    this.#turn.push(callback);
  }

  randomKey(): number {
    return this.random.word() || 1;
  }

  spawn(request: SpawnRequest, listener: ProcessListener): OsProcess {
    const index = this.processes.length;
    const start = this.#options.program(index, request);
    const process = new SimulatedProcess({
      pid: 1000 + index,
      random: this.random,
      request,
      listener,
      start: typeof start === 'string' ? spawnError(start) : start,
    });
    this.processes.push(process);
    return process;
  }

  inspect(pid: number): ProcessInfo | null {
    return this.processes.find((process) => process.pid === pid)?.info ?? null;
  }

  peakMemory(pid: number): number | null {
    return this.inspect(pid)?.rss ?? null;
  }

  privateMemory(pid: number): number | null {
    return this.inspect(pid)?.rss ?? null;
  }

  watchFiles(paths: readonly string[], listener: FileListener): FileWatching {
    this.#watched.set(listener, paths);
    return { close: () => void this.#watched.delete(listener) };
  }

  /** A file is written: those are told who watch it, or a folder above it. */
  change(path: string): void {
    for (const [listener, paths] of this.#watched) {
      if (paths.some((each) => path === each || path.startsWith(`${each}/`))) listener.onChange(path);
    }
  }

  /** Here every limit holds. */
  missingLimits(): Map<LimitName, MissingLimit> {
    return new Map();
  }

  createLimiter(): Limiter {
    return new SimulatedLimiter();
  }

  createLedger(size: number): SimulatedLedger | null {
    if (this.#options.hasLedgers === false) return null;
    const ledger = new SimulatedLedger(size);
    this.ledgers.push(ledger);
    return ledger;
  }

  #canStep(): boolean {
    return (
      this.#turn.length > 0 ||
      this.#polls.length > 0 ||
      this.#timers.size > 0 ||
      this.processes.some((process) => process.events().length > 0)
    );
  }

  #choose(): SimulatedEvent | undefined {
    if (this.#polls.length > 0) return this.#polls.splice(this.random.between(0, this.#polls.length - 1), 1)[0];
    const events = this.processes.flatMap((process) => process.events());
    let next: SimulatedTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= this.#now) events.push(() => this.#fire(timer));
      else if (next === undefined || timer.at < next.at) next = timer;
    }
    if (events.length === 0 && next === undefined) return undefined;
    const timer = next;
    const leaps = timer !== undefined && timer.at <= this.#now + NEAR && this.random.chance(LEAP);
    if (timer !== undefined && (leaps || events.length === 0)) return () => this.#fire(timer);
    return this.random.pick(events);
  }

  /** First all that the pipes hold is told; then, now or after other events, the timer is called. */
  #fire(timer: SimulatedTimer): void {
    if (timer.hasCome) {
      this.#timers.delete(timer);
      timer.callback();
      return;
    }
    timer.hasCome = true;
    this.#now = Math.max(this.#now, timer.at);
    this.#polls = this.processes.flatMap((process) => process.polls());
  }
}

function spawnError(code: string): SpawnError {
  return Object.assign(new Error(`spawn ${code}`), { code });
}

/** All promises that can go on have gone on. */
function turnOfNode(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
