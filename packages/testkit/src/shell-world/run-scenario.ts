import { PropertyViolation } from '../core-world/property-violation.js';
import { Random } from '../simulation/index.js';
import { randomScenario } from './random-scenario.js';
import type { Scenario } from './scenario.js';
import { ShellWorld } from './shell-world.js';
import type { PoolClass } from './simulated-pool.js';

/**
 * Events and milliseconds of simulated time in which everything that was begun must have come to its end. Both, because
 * workers that are replaced every second make many events while a few tasks, one after the other, run into their time-outs.
 */
const PATIENCE = { events: 100_000, ms: 3_600_000 };
/** The end of a world in which time stands still. */
const MAX_EVENTS = 1_000_000;

/** A machine on which nothing can happen any more stays so, but callers may still have to take what they were told. */
const MAX_QUIET = 40;

/** A scenario in which a promise of the pool was broken. */
export interface BrokenScenario {
  readonly scenario: Scenario;
  readonly violation: PropertyViolation;
}

/** What is left of a world that has ended. */
export interface ScenarioRun {
  readonly world: ShellWorld;
  readonly events: number;
  readonly broken: BrokenScenario | null;
}

/** Runs the scenario of that seed, with about so many events between its moves. */
export function runShellWorld(seed: number, events: number, Pool?: PoolClass): Promise<ScenarioRun> {
  return runScenario(randomScenario(new Random(seed), events), Pool);
}

/** Plays a scenario and sees it to its end; the same one gives the same run. */
export async function runScenario(scenario: Scenario, Pool?: PoolClass): Promise<ScenarioRun> {
  const player = new Player(new ShellWorld(scenario, Pool));
  const violation = await player.play();
  const { world, events } = player;
  return { world, events, broken: violation === undefined ? null : { scenario, violation } };
}

class Player {
  events = 0;

  constructor(readonly world: ShellWorld) {}

  async play(): Promise<PropertyViolation | undefined> {
    const { records } = this.world;
    try {
      await this.#play();
    } catch (error) {
      const seen = error instanceof Error ? (error.stack ?? error.message) : String(error);
      records.violation ??= new PropertyViolation('nothing is thrown by the pool itself', seen);
    }
    if (records.violation !== undefined) await this.#abandon();
    return records.violation;
  }

  async #play(): Promise<void> {
    const { world } = this;
    const { scenario } = world.records;
    for (const { act, events } of scenario.moves) {
      world.perform(act);
      await this.#run({ events, ms: 0 }, () => this.#isBroken);
      if (this.#isBroken) return;
    }
    world.hurry();
    await this.#run(PATIENCE, () => this.#isBroken || world.records.tasks.every(({ isSettled }) => isSettled));
    if (this.#isBroken) return;
    this.#checkSettled();
    let hasEnded = false;
    void world.end(scenario.end).then(() => {
      hasEnded = true;
    });
    await this.#run(PATIENCE, () => this.#isBroken || hasEnded);
    world.records.demand(hasEnded, 'close and destroy come to their end', () => `after ${this.events} events`);
    if (!this.#isBroken) this.#checkEnd();
  }

  get #isBroken(): boolean {
    return this.world.records.violation !== undefined;
  }

  /** Lets things happen, one at a time, until there were so many and so much time has passed; promises go on after each. */
  async #run({ events, ms }: { events: number; ms: number }, until: () => boolean): Promise<void> {
    const { os } = this.world;
    const end = os.now() + ms;
    let quiet = 0;
    for (let i = 0; (i < events || (os.now() < end && i < MAX_EVENTS)) && quiet < MAX_QUIET; i++) {
      await turnOfNode();
      os.settle();
      if (until()) return;
      quiet = os.step() ? 0 : quiet + 1;
      this.events++;
      this.world.afterEvent();
    }
    await turnOfNode();
  }

  #checkSettled(): void {
    const { records } = this.world;
    const pending = records.tasks.filter(({ isSettled }) => !isSettled);
    records.demand(pending.length === 0, 'every promise settles', () => {
      const list = pending.map(({ id, kind, plan, begun }) => `${id} (${kind}, ${plan.deed}, begun ${begun.length})`);
      return `after ${this.events} events these have not: ${list.join(', ')}`;
    });
  }

  #checkEnd(): void {
    const { os, records, watch, listeners } = this.world;
    records.demand(os.live === 0, 'no process is left behind', () => `${os.live} are`);
    records.demand(os.timers === 0, 'no timer is left behind', () => `${os.timers} are`);
    records.demand(listeners === 0, 'nobody listens to a signal any more', () => `${listeners} listeners are left`);
    const held = os.processes.filter(({ pid, isReleased }) => pid !== undefined && !isReleased);
    records.demand(held.length === 0, 'all pipes are closed', () => `those of ${held.map(({ pid }) => pid)} are not`);
    const open = os.ledgers.filter(({ isOpen }) => isOpen);
    records.demand(open.length === 0, 'all ledgers are closed', () => `${open.length} are not`);
    watch.checkEnd();
    this.#checkCosts();
  }

  #checkCosts(): void {
    const { records } = this.world;
    for (const { id, costs } of records.tasks) {
      const tasks = records.tasks.filter((task) => task.costs === costs && !task.isRefused);
      const seen = (): string => `${costs.count} times for ${tasks.length} tasks (${id})`;
      records.demand(costs.count === tasks.length, 'the cost of each task is told once', seen);
    }
  }

  /** A world that is broken is left, but its pool must not keep Node alive. */
  async #abandon(): Promise<void> {
    const { pool, os } = this.world;
    try {
      const ended = pool.destroy().catch(() => {});
      for (let i = 0; i < 1_000 && pool.stats().state !== 'closed'; i++) {
        await turnOfNode();
        if (!os.step()) break;
      }
      await Promise.race([ended, turnOfNode()]);
    } catch {
      // it is broken: what comes of it now says nothing
    }
  }
}

// Taken when this module is loaded, as a test may fake it.
const { setImmediate } = globalThis;

/** All promises that can go on have gone on. */
function turnOfNode(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
