import { Verdict } from '../answers.js';
import { readAhead } from '../files.js';
import { HASH_WORKER, type HashPool, type Stage } from '../stage.js';
import { bar } from '../terminal/bar.js';
import { formatDuration, formatRate } from '../terminal/format.js';

const SAMPLE = 60;

/** One of the two ways to hash the sample. */
export interface Race {
  tasks: number;
  bytes: number;
  ms: number;
  wrong: string[];
  started: number;
  retired: number;
}

/** A process for each file against a warm pool, on the same files at the same time. */
export async function coldAndWarm(stage: Stage): Promise<{ cold: Race; warm: Race }> {
  stage.title('Act 1', 'cold against warm');
  const warmPool = stage.open({ worker: HASH_WORKER, minWorkers: stage.workers, maxWorkers: stage.workers });
  const coldPool = stage.open({ worker: HASH_WORKER, minWorkers: 0, maxWorkers: stage.workers, isolation: 'task' });
  await warmPool.ready();
  const cold = new Runner(stage, coldPool);
  const warm = new Runner(stage, warmPool);
  stage.code("new ProcessPool({ worker, isolation: 'task' })   // a process for each file");
  stage.code('new ProcessPool({ worker })                      // processes that stay');
  const unwatch = stage.screen.watch(() => [cold.draw('cold'), warm.draw('warm')]);
  const [coldRace, warmRace] = await Promise.all([cold.run(), warm.run()]);
  unwatch();
  const each = `${formatDuration(coldRace.ms / coldRace.tasks)} a file against ${formatDuration(warmRace.ms / warmRace.tasks)}`;
  stage.screen.say(`Starting a process is what costs: ${each}.`);
  return { cold: coldRace, warm: warmRace };
}

class Runner {
  readonly #stage: Stage;
  readonly #pool: HashPool;
  readonly #files: Stage['files'];
  readonly #verdict = new Verdict();
  #done = 0;
  #bytes = 0;
  #startedAt = performance.now();
  #elapsed = 0;

  constructor(stage: Stage, pool: HashPool) {
    this.#stage = stage;
    this.#pool = pool;
    this.#files = stage.files.slice(0, SAMPLE);
  }

  async run(): Promise<Race> {
    this.#startedAt = performance.now();
    let index = 0;
    for await (const digest of this.#pool.map(readAhead(this.#files), { handler: 'sha512' })) {
      const file = this.#files[index++];
      if (file === undefined) break;
      this.#verdict.check(file, digest);
      this.#bytes += file.size;
      this.#done += 1;
    }
    this.#elapsed = performance.now() - this.#startedAt;
    await this.#pool.close();
    const { started, retired } = this.#pool.stats();
    const left = Object.values(retired).reduce((sum, count) => sum + count, 0);
    const wrong = await this.#verdict.wrong();
    return { tasks: this.#done, bytes: this.#bytes, ms: this.#elapsed, wrong, started, retired: left };
  }

  draw(name: string): string {
    const { style } = this.#stage.screen;
    const ms = this.#elapsed || performance.now() - this.#startedAt;
    const paint = name === 'cold' ? style.cyan : style.red;
    const progress = `${String(this.#done).padStart(3)} of ${this.#files.length} files`;
    const drawn = paint(bar(this.#done / this.#files.length, 30));
    return `  ${name}  ${drawn}  ${progress}   ${formatRate(this.#done, ms).padStart(6)} files/s   ${formatDuration(ms)}`;
  }
}
