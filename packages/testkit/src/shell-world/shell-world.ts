import { getEventListeners } from 'node:events';
import { ProcessPool, type RunOptions } from '@ostler/pool';
import { Judge } from './judge.js';
import { PoolWatch } from './pool-watch.js';
import { Referee } from './referee.js';
import type { Act, ConsumerPlan, Scenario, TaskPlan, Temperament } from './scenario.js';
import { type PoolClass, poolOn } from './simulated-pool.js';
import { StreamConsumer } from './stream-consumer.js';
import { taskBody } from './task-body.js';
import { type TaskEnd, TaskRecord, type TaskRefusal } from './task-record.js';
import { WatchedOs } from './watched-os.js';
import { WorldRecords } from './world-records.js';
import { worldWorker } from './world-worker.js';

/** Bytes that a pool may have handed to the pipes of one process: two buffers and the bodies between them, control frames beside them. */
const MAX_HANDED = 6 * 262_144;

/** A whole pool on a simulated machine, whose callers, workers and clock do as a scenario says. */
export class ShellWorld {
  readonly records: WorldRecords;
  readonly os: WatchedOs;
  readonly pool: ProcessPool;
  readonly watch: PoolWatch;
  readonly #judge: Judge;
  readonly #consumers: StreamConsumer[] = [];
  #greedy = false;

  constructor(scenario: Scenario, Pool: PoolClass = ProcessPool) {
    this.records = new WorldRecords(scenario);
    this.#judge = new Judge(this.records);
    const referee = new Referee(this.records, {
      now: () => this.os.now(),
      advance: (milliseconds) => this.os.advance(milliseconds),
    });
    const { workers, machine, seed, pool, cpus } = scenario;
    const program = (index: number) => {
      const temperament = workers[index % workers.length] as Temperament;
      return temperament.start === 'EAGAIN' ? 'EAGAIN' : worldWorker(temperament, referee);
    };
    this.os = new WatchedOs({ seed, program, ...machine }, referee);
    this.pool = poolOn(Pool, this.os, { cpus, command: ['worker'], inheritEnv: false, output: 'event', ...pool });
    this.watch = new PoolWatch(this.records, this.pool);
  }

  /** One event of the machine has happened, and what follows from it. */
  afterEvent(): void {
    for (const process of this.os.processes) {
      if (process.pid !== undefined) this.records.live.set(process.pid, process);
      const { waiting } = process;
      const seen = (): string => `${waiting} bytes wait to get into the pipes of ${process.pid}`;
      this.records.demand(waiting <= MAX_HANDED, 'what waits in front of a pipe is bounded', seen);
    }
    this.watch.check();
    for (const consumer of this.#consumers) consumer.event(this.#greedy);
  }

  /** Nobody dawdles any more. */
  hurry(): void {
    this.#greedy = true;
    this.pool.resume();
  }

  perform(act: Act): void {
    if (act.type === 'run') this.#run(act.task);
    else if (act.type === 'call') this.#call(act.task);
    else if (act.type === 'stream') this.#stream(act.task, act.consumer);
    else if (act.type === 'many') this.#many(act.tasks);
    else if (act.type === 'map') this.#map(act.tasks, act);
    else if (act.type === 'abort') this.#abort(act.task);
    else if (act.type === 'advance') this.os.advance(act.time);
    else this.#manage(act);
  }

  /** Resolves when the pool has ended; `closing` says how. */
  end(how: 'close' | 'destroy'): Promise<void> {
    this.records.closing = how === 'destroy' || this.records.closing === 'destroyed' ? 'destroyed' : 'closed';
    return how === 'close' ? this.pool.close() : this.pool.destroy();
  }

  #manage(act: Extract<Act, { type: 'pause' | 'resume' | 'close' | 'destroy' | 'resize' | 'replace' }>): void {
    if (act.type === 'pause') this.pool.pause();
    else if (act.type === 'resume') this.pool.resume();
    else if (act.type === 'resize') this.pool.resize(act.size);
    else if (act.type === 'replace')
      this.pool.replaceAll({ surge: act.surge }).catch(() => {}); // refused by a pool that closes
    else void this.end(act.type);
  }

  #record(plan: TaskPlan, kind: TaskRecord['kind'], chunks = 0): TaskRecord {
    const id = this.records.tasks.length;
    const task = new TaskRecord(id, plan, kind, taskBody(id, plan, chunks));
    this.records.tasks.push(task);
    return task;
  }

  /** The tasks of one call have its signal and its callbacks. */
  #recordAll(plans: readonly TaskPlan[], kind: 'many' | 'map'): [TaskRecord, ...TaskRecord[]] {
    const [first, ...others] = plans.map((plan) => this.#record(plan, kind));
    if (first === undefined) throw new Error(`a ${kind} of no tasks`);
    for (const task of others) Object.assign(task, { abort: first.abort, costs: first.costs });
    return [first, ...others];
  }

  #run(plan: TaskPlan): void {
    const task = this.#record(plan, 'run');
    const body = plan.asText === true ? task.body.toString('latin1') : task.body;
    this.#await(task, this.pool.run(body, this.#optionsOf(task)));
  }

  #call(plan: TaskPlan): void {
    const task = this.#record(plan, 'call');
    this.#await(task, this.pool.call('default', task.body.toString('latin1'), this.#optionsOf(task)));
  }

  #stream(plan: TaskPlan, consumer: ConsumerPlan): void {
    const task = this.#record(plan, 'stream', consumer.chunks);
    task.isReadSlowly = consumer.every > 1;
    const stream = this.pool.stream(task.body, this.#optionsOf(task))[Symbol.asyncIterator]();
    const tell = (end: TaskEnd): void => this.#tell(task, end);
    this.#consumers.push(new StreamConsumer(task, { stream, plan: consumer, tell }));
  }

  #many(plans: readonly TaskPlan[]): void {
    const tasks = this.#recordAll(plans, 'many');
    const bodies = tasks.map(({ body }) => body);
    this.pool.runMany(bodies, this.#optionsOf(tasks[0])).then(
      (outcomes) => {
        for (const [i, outcome] of outcomes.entries()) {
          const end = outcome.status === 'fulfilled' ? { value: outcome.value } : { error: outcome.reason };
          this.#tell(tasks[i] as TaskRecord, end);
        }
      },
      (error: TaskRefusal) => {
        for (const task of tasks) this.#tell(task, { error });
      },
    );
  }

  #map(plans: readonly TaskPlan[], options: { inFlight: number; ordered: boolean }): void {
    const tasks = this.#recordAll(plans, 'map');
    void this.#readMap(tasks, { ...this.#optionsOf(tasks[0]), inFlight: options.inFlight, ordered: options.ordered });
  }

  async #readMap(
    tasks: readonly TaskRecord[],
    options: RunOptions & { inFlight: number; ordered: boolean },
  ): Promise<void> {
    let taken = 0;
    const left = new Set(tasks);
    try {
      for await (const outcome of this.pool.map(
        tasks.map(({ body }) => body),
        { ...options, onError: 'yield' },
      )) {
        const task = tasks[outcome.index] as TaskRecord;
        const { ordered } = options;
        const seen = (): string => `item ${outcome.index} came as number ${taken}`;
        this.records.demand(!ordered || outcome.index === taken, 'an ordered map yields in order', seen);
        taken++;
        left.delete(task);
        this.#tell(task, outcome.status === 'fulfilled' ? { value: outcome.value } : { error: outcome.reason });
      }
    } catch (error) {
      for (const task of left) this.#tell(task, { error: error as TaskRefusal });
      return;
    }
    this.records.demand(left.size === 0, 'a map yields an outcome for each item', () => `${left.size} are missing`);
  }

  #abort(number: number): void {
    const { tasks } = this.records;
    const task = tasks[number % tasks.length];
    if (task === undefined) return;
    for (const each of tasks) {
      if (each.abort !== task.abort) continue;
      each.mayBeAborted = true;
      for (const { pid } of each.begun) this.records.process(pid).faults.add('pressed');
    }
    task.abort.abort();
  }

  #optionsOf(task: TaskRecord): RunOptions {
    const { tenant, key, priority, timeout, queueTimeout, retries } = task.plan;
    return {
      signal: task.abort.signal,
      onCost: () => task.costs.count++,
      ...(tenant !== undefined && { tenant }),
      ...(key !== undefined && { key }),
      ...(priority !== undefined && { priority }),
      ...(timeout !== undefined && { timeout }),
      ...(queueTimeout !== undefined && { queueTimeout }),
      ...(retries !== undefined && { retries }),
    };
  }

  #await(task: TaskRecord, promise: Promise<Uint8Array | string>): void {
    promise.then(
      (value) => this.#tell(task, { value }),
      (error: TaskRefusal) => this.#tell(task, { error }),
    );
  }

  #tell(task: TaskRecord, end: TaskEnd): void {
    this.#judge.told(task, end);
  }

  /** Signals that somebody still listens to. */
  get listeners(): number {
    const signals = new Set(this.records.tasks.map(({ abort }) => abort.signal));
    return [...signals].reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0);
  }
}
