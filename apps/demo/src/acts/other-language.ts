import { HashJob, type JobResult } from '../hash-job.js';
import type { Stage } from '../stage.js';

/** The main job again, on Python workers; undefined when there is no Python. */
export async function otherLanguage(stage: Stage): Promise<JobResult | undefined> {
  const { python, screen } = stage;
  if ('missing' in python) {
    stage.title('Act 3', 'the same job in another language');
    screen.say(`Left out: ${python.missing}.`, screen.style.yellow);
    return undefined;
  }
  stage.title('Act 3', 'the same job in another language');
  stage.code("new ProcessPool({ command: ['python3', 'main.py'] })");
  const pool = stage.open({ command: python.command, maxWorkers: stage.workers });
  return new HashJob(stage, pool).run();
}
