import { type Casualty, HashJob, type JobResult } from '../hash-job.js';
import { HASH_WORKER, type HashPool, type Stage } from '../stage.js';
import { shortenPath } from '../terminal/format.js';

/** A kill may fall between two files, and then takes none with it. */
const ATTEMPTS = 10;
/** Share of the files between two attempts; the first is half-way. */
const STEP = 0.04;

/** The main job on Node workers, one of which is killed in the middle. */
export async function murder(stage: Stage): Promise<JobResult> {
  stage.title('Act 2', 'the job, and a murder in the middle of it');
  stage.code("for await (const digest of pool.map(files, { handler: 'sha512' })) …");
  stage.code("process.kill(pool.stats().workerList[0].pid, 'SIGKILL')");
  const pool = stage.open({ worker: HASH_WORKER, maxWorkers: stage.workers });
  const job = new HashJob(stage, pool);
  const murderer = new Murderer(pool, job.total);
  const result = await job.run({
    onProgress: (done) => murderer.look(done),
    onCasualty: (casualty) => {
      murderer.succeeded = true;
      report(stage, casualty);
    },
  });
  if (result.resubmitted > 0) {
    stage.screen.say(
      'Its caller, and nobody else, got that error; hashing may be repeated, so it was submitted again.',
    );
  } else if (murderer.attempts > 0) {
    stage.screen.say(
      'The worker was killed between two files: no file was lost with it, and a new one took its place.',
    );
  }
  return result;
}

function report({ screen }: Stage, { file, error }: Casualty): void {
  const { style } = screen;
  screen.print(
    `  ${style.red('✗')} kill -9 ${error.exit.pid}, at work on ${shortenPath(file.name, screen.width - 34)}`,
  );
  screen.say(`${error.name}: ${error.message}`, style.red);
}

/** Kills a worker that has a task, half-way through the job; again when that task had been published by then. */
class Murderer {
  attempts = 0;
  succeeded = false;
  readonly #pool: HashPool;
  readonly #total: number;

  constructor(pool: HashPool, total: number) {
    this.#pool = pool;
    this.#total = total;
  }

  look(done: number): void {
    if (this.succeeded || this.attempts === ATTEMPTS || done < this.#total * (0.5 + STEP * this.attempts)) return;
    const victim = this.#pool.stats().workerList.find((worker) => worker.task !== null);
    if (victim === undefined) return;
    this.attempts += 1;
    process.kill(victim.pid, 'SIGKILL');
  }
}
