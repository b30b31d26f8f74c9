import { type Casualty, HashJob, type JobResult } from '../hash-job.js';
import { HASH_WORKER, type HashPool, type Stage } from '../stage.js';
import { shortenPath } from '../terminal/format.js';

/** A file may be finished before the kill arrives. */
const ATTEMPTS = 10;
/** Shares of the files: when the murderer begins to wait for a big one, and when it waits no longer. */
const [EARLIEST, LATEST] = [0.4, 0.95];

/** The main job on Node workers, one of which is killed in the middle. */
export async function murder(stage: Stage): Promise<JobResult> {
  stage.title('Act 2', 'the job, and a murder in the middle of it');
  stage.code("for await (const digest of pool.map(files, { handler: 'sha512' })) …");
  stage.code("onProgress: ({ pid }) => process.kill(pid, 'SIGKILL')   // a worker that has begun a big file");
  const pool = stage.open({ worker: HASH_WORKER, maxWorkers: stage.workers });
  const job = new HashJob(stage, pool);
  const murderer = new Murderer(pool, job.total);
  const result = await job.run({
    onBigFile: (pid, done) => murderer.strike(pid, done),
    onProgress: (done) => murderer.giveUpWaiting(done),
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

/** Kills a worker that is at work on a big file, from some way into the job on; where there is none, any. */
class Murderer {
  attempts = 0;
  succeeded = false;
  readonly #pool: HashPool;
  readonly #total: number;

  constructor(pool: HashPool, total: number) {
    this.#pool = pool;
    this.#total = total;
  }

  strike(pid: number, done: number): void {
    if (!this.succeeded && done >= EARLIEST * this.#total) this.#kill(pid);
  }

  giveUpWaiting(done: number): void {
    if (this.attempts > 0 || done < LATEST * this.#total) return;
    const victim = this.#pool.stats().workerList.find((worker) => worker.task !== null);
    if (victim !== undefined) this.#kill(victim.pid);
  }

  #kill(pid: number): void {
    // Of a worker that was killed already, what it said before may still come.
    const lives = this.#pool.stats().workerList.some((worker) => worker.pid === pid);
    if (this.attempts === ATTEMPTS || !lives) return;
    this.attempts += 1;
    process.kill(pid, 'SIGKILL');
  }
}
