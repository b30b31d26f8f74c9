import { Verdict } from '../answers.js';
import { readAhead } from '../files.js';
import { HASH_WORKER, type Stage } from '../stage.js';
import type { Race } from './cold-and-warm.js';

const TIME = 1_000;

/** For comparison: one process that gets the next file when it has answered the last one. */
export async function singleProcess(stage: Stage): Promise<Race> {
  const pool = stage.open({ worker: HASH_WORKER, maxWorkers: 1 });
  await pool.ready();
  const verdict = new Verdict();
  const startedAt = performance.now();
  const race: Race = { tasks: 0, bytes: 0, ms: 0, wrong: [], started: 0, retired: 0 };
  for await (const body of readAhead(stage.files)) {
    const file = stage.files[race.tasks];
    if (file === undefined || race.ms > TIME) break;
    verdict.check(file, await pool.run(body, { handler: 'sha512' }));
    race.tasks += 1;
    race.bytes += body.length;
    race.ms = performance.now() - startedAt;
  }
  await pool.close();
  const { started, retired } = pool.stats();
  race.retired = Object.values(retired).reduce((sum, count) => sum + count, 0);
  return { ...race, started, wrong: await verdict.wrong() };
}
