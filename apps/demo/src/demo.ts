import { availableParallelism } from 'node:os';
import { badNeighbour } from './acts/bad-neighbour.js';
import { coldAndWarm } from './acts/cold-and-warm.js';
import { murder } from './acts/murder.js';
import { otherLanguage } from './acts/other-language.js';
import { rest } from './acts/rest.js';
import { singleProcess } from './acts/single-process.js';
import { type Answers, EVERYTHING, findAnswers, HALF_A_MINUTE } from './answers.js';
import type { Arguments } from './arguments.js';
import { conclude } from './ending.js';
import { findPython } from './python.js';
import { Stage } from './stage.js';
import { formatBytes, formatCount, formatDuration, formatRate } from './terminal/format.js';
import type { Screen } from './terminal/screen.js';

/** How long the main job should take with each language, so that there is something to watch. */
const JOB_TIME = 4_000;
const MOST_ROUNDS = 12;

/** Plays all acts and gives the exit code; `leaving` is aborted with one when the demo has to end at once. */
export async function runDemo(asked: Arguments, screen: Screen, leaving: AbortSignal): Promise<number> {
  let stage: Stage | undefined;
  const interrupted = new Promise<number>((resolve) => {
    leaving.addEventListener('abort', () => resolve(leaving.reason), { once: true });
  });
  const play = async () => {
    stage = await prepare(asked, screen, leaving);
    return stage === undefined ? 1 : acts(stage);
  };
  try {
    return await Promise.race([play(), interrupted]);
  } finally {
    screen.release();
    await stage?.clear();
  }
}

async function acts(stage: Stage): Promise<number> {
  const races = await coldAndWarm(stage);
  const node = await murder(stage);
  const python = await otherLanguage(stage);
  const neighbours = await badNeighbour(stage);
  const pauses = await rest(stage);
  stage.title('What was seen', 'the same job in numbers');
  const single = await singleProcess(stage);
  return conclude(stage.screen, { workers: stage.workers, node, python, ...races, single, neighbours, rest: pauses });
}

/** Finds the files and the answers; undefined when there is nothing to hash. */
async function prepare(asked: Arguments, screen: Screen, leaving: AbortSignal): Promise<Stage | undefined> {
  const { style } = screen;
  screen.print(`${style.bold('Ostler')}: tasks for warm processes. SHA-512 of the files under ${asked.folder}`);
  let progress = [0, 0];
  const unwatch = screen.watch(() => [
    `  ${formatCount(progress[0] ?? 0)} files found, ${formatCount(progress[1] ?? 0)} hashed by node:crypto`,
  ]);
  const bounds = asked.all ? EVERYTHING : HALF_A_MINUTE;
  const answers = await findAnswers(asked.folder, bounds, (...counts) => {
    leaving.throwIfAborted();
    progress = counts;
  });
  unwatch();
  if (answers.files.length === 0) {
    screen.say(`There is no readable file under ${asked.folder}.`, style.red);
    return undefined;
  }
  introduce(screen, answers);
  const workers = asked.workers ?? availableParallelism();
  const rounds = asked.all ? 1 : Math.min(MOST_ROUNDS, Math.max(1, Math.round(JOB_TIME / answers.ms)));
  return new Stage({ screen, files: answers.files, workers, python: await findPython(), rounds });
}

function introduce(screen: Screen, { files, bytes, ms }: Answers): void {
  const rate = formatRate(files.length, ms);
  screen.say(
    `This process knows the answers now: ${formatCount(files.length)} files, ${formatBytes(bytes)}, hashed by its own ` +
      `node:crypto in ${formatDuration(ms)} (${rate} files/s). Each digest of a worker will be checked against them.`,
  );
}
