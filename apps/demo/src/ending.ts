import type { Race } from './acts/cold-and-warm.js';
import { describe, type PoolSize } from './acts/rest.js';
import type { JobResult } from './hash-job.js';
import { formatBytes, formatCount, formatDuration, formatRate, plural } from './terminal/format.js';
import type { Screen } from './terminal/screen.js';
import { table } from './terminal/table.js';

/** All that was seen. */
export interface Story {
  workers: number;
  node: JobResult;
  python: JobResult | undefined;
  cold: Race;
  warm: Race;
  single: Race;
  neighbours: { hashed: number; wrong: string[] };
  rest: { before: PoolSize; after: PoolSize };
}

/** Prints the table and three sentences; gives the exit code: 1 if a digest was wrong or a task was lost. */
export function conclude(screen: Screen, story: Story): number {
  for (const line of table(HEAD, rows(story))) screen.print(`  ${line}`);
  screen.print(`  ${screen.style.dim('* on a sample of the same files')}`);
  screen.print();
  for (const sentence of sentences(story)) screen.say(sentence);
  const problems = findProblems(story);
  for (const problem of problems) screen.say(`✗ ${problem}`, screen.style.red);
  return problems.length === 0 ? 0 : 1;
}

const HEAD = ['', 'files', 'bytes', 'time', 'files/s', 'started', 'crashed', 'retired'];

function rows({ workers, node, python, cold, single }: Story): string[][] {
  const job = (language: string, result: JobResult) => {
    const { started, crashes, retired } = result.stats;
    return row(`pool, ${plural(workers, `${language} worker`)}`, result, [started, crashes, total(retired)]);
  };
  return [
    job('Node', node),
    ...(python === undefined ? [] : [job('Python', python)]),
    row('one process per file *', cold, [cold.started, 0, cold.retired]),
    row('one single process *', single, [single.started, 0, single.retired]),
  ];
}

function row(name: string, run: { tasks: number; bytes: number; ms: number }, processes: number[]): string[] {
  const { tasks, bytes, ms } = run;
  return [
    name,
    formatCount(tasks),
    formatBytes(bytes),
    formatDuration(ms),
    formatRate(tasks, ms),
    ...processes.map(formatCount),
  ];
}

function sentences({ node, python, cold, warm, neighbours, rest }: Story): string[] {
  const right = node.right + (python?.right ?? 0);
  const losses =
    node.resubmitted === 0
      ? 'no task was lost'
      : `the ${plural(node.resubmitted, 'file')} under it had to be submitted again, and no other task was lost`;
  const factor = cold.ms / cold.tasks / (warm.ms / warm.tasks);
  return [
    `All ${formatCount(right)} digests agree with node:crypto; a worker was killed in the middle, and ${losses}.`,
    `Warm workers were ${formatCount(factor)} times as fast as a process for each file, which takes ` +
      `${formatDuration(cold.ms / cold.tasks)} before it has done anything.`,
    `A task without end and one without measure cost their own workers and nothing else (${formatCount(neighbours.hashed)} ` +
      `files were hashed next door), and at rest ${describe(rest.before)} became ${describe(rest.after)}.`,
  ];
}

function findProblems({ node, python, cold, warm, single, neighbours }: Story): string[] {
  const jobs = python === undefined ? [node] : [node, python];
  const wrong = [...jobs, cold, warm, single, neighbours].flatMap((part) => part.wrong);
  const failed = jobs.flatMap((part) => part.failed);
  return [
    ...wrong.slice(0, 5).map((name) => `wrong digest: ${name}`),
    ...(wrong.length > 5 ? [`and ${wrong.length - 5} more wrong digests`] : []),
    ...failed.slice(0, 5).map((error) => `lost: ${error.name}: ${error.message}`),
    ...(failed.length > 5 ? [`and ${failed.length - 5} more lost tasks`] : []),
  ];
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
