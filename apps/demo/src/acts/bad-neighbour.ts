import { OstlerError } from '@ostler/pool';
import { Verdict } from '../answers.js';
import { readAhead } from '../files.js';
import { HASH_WORKER, type HashPool, type Stage } from '../stage.js';
import { formatCount } from '../terminal/format.js';
import { workerCells } from '../worker-cells.js';

const CELLS = 3;
const LOOP_TIMEOUT = 1_000;
const KILL_GRACE = 300;

/** What the good tasks came to while the bad ones went on. */
export interface Neighbours {
  hashed: number;
  wrong: string[];
}

/** One task loops, one eats memory; the others go on. */
export async function badNeighbour(stage: Stage): Promise<Neighbours> {
  const { screen } = stage;
  stage.title('Act 4', 'bad neighbours');
  stage.code("pool.run('', { handler: 'loop', timeout: 1_000 })   // never ends, never yields");
  stage.code("pool.run('', { handler: 'hoard' })                  // execArgv: ['--max-old-space-size=64']");
  const pool = stage.open({
    worker: HASH_WORKER,
    execArgv: ['--max-old-space-size=64'],
    minWorkers: CELLS,
    maxWorkers: CELLS,
    killGrace: KILL_GRACE,
    output: 'event',
  });
  await pool.ready();
  const good = new GoodNeighbour(stage, pool);
  const unwatch = screen.watch(() => good.draw());
  const complain = async (task: Promise<unknown>) => {
    const error = await failureOf(task);
    good.disturbances += 1;
    screen.print(`  ${screen.style.red(`✗ ${error.name}`)}`);
    screen.say(error.message, screen.style.red);
  };
  await Promise.all([
    complain(pool.run('', { handler: 'loop', timeout: LOOP_TIMEOUT })),
    complain(pool.run('', { handler: 'hoard' })),
    good.hashUntil(2),
  ]);
  unwatch();
  await pool.close();
  screen.say(`Meanwhile the others hashed ${formatCount(good.verdict.right)} files; none of them noticed.`);
  return { hashed: good.verdict.right, wrong: await good.verdict.wrong() };
}

async function failureOf(task: Promise<unknown>): Promise<OstlerError> {
  try {
    await task;
  } catch (error) {
    if (error instanceof OstlerError) return error;
    throw error;
  }
  throw new Error('a bad task ended well');
}

/** Hashes file after file and lets nothing disturb it. */
class GoodNeighbour {
  readonly verdict = new Verdict();
  disturbances = 0;
  readonly #stage: Stage;
  readonly #pool: HashPool;

  constructor(stage: Stage, pool: HashPool) {
    this.#stage = stage;
    this.#pool = pool;
  }

  async hashUntil(disturbances: number): Promise<void> {
    while (this.disturbances < disturbances) await this.#pass(disturbances);
  }

  async #pass(disturbances: number): Promise<void> {
    let index = 0;
    for await (const body of readAhead(this.#stage.files)) {
      const file = this.#stage.files[index++];
      if (file === undefined || this.disturbances >= disturbances) return;
      this.verdict.check(file, await this.#pool.run(body, { handler: 'sha512' }));
    }
  }

  draw(): string[] {
    const { style } = this.#stage.screen;
    const good = `${style.green('✓')} ${formatCount(this.verdict.right)} files hashed next door`;
    return [`  ${good}`, `  ${workerCells(this.#pool.stats().workerList, style)}`];
  }
}
