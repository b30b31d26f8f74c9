import type { ExitKind, Move, MoveType } from './move.js';
import type { World } from './world.js';
import type { WorldTask } from './world-task.js';
import type { WorldWorker } from './world-worker.js';

/** Everything that may happen next, within what the world's options allow. */
export function possibleMoves(world: World): Move[] {
  const moves: Move[] = [];
  if (world.state.closed) return moves;
  addSubmits(world, moves);
  for (const task of world.state.tasks.values())
    if (mayAbort(world, task)) moves.push({ type: 'abort', task: task.name });
  for (const worker of world.state.workers.values()) addWorkerMoves(world, worker, moves);
  addOrders(world, moves);
  const next = world.scheduler.nextDeadline();
  if (next < Infinity && allowed(world, 'deadline')) moves.push({ type: 'deadline' });
  if (allowed(world, 'wait')) for (const time of world.options.waits) moves.push({ type: 'wait', time });
  return moves;
}

function allowed(world: World, type: MoveType): boolean {
  return (world.made[type] ?? 0) < (world.options.limits[type] ?? 0);
}

function addSubmits(world: World, moves: Move[]): void {
  const { options, state, plansTaken } = world;
  if (state.closing !== false || !allowed(world, 'submit') || state.tasks.size >= options.maxLive) return;
  if (!options.inTurn) for (const plan of options.plans.keys()) moves.push({ type: 'submit', plan });
  else if (plansTaken < options.plans.length) moves.push({ type: 'submit', plan: plansTaken });
}

function mayAbort(world: World, task: WorldTask): boolean {
  return allowed(world, 'abort') && task.told === null && task.waitingItems > 0;
}

function addOrders(world: World, moves: Move[]): void {
  const { options, state } = world;
  const open = state.closing === false;
  if (open && !state.paused && allowed(world, 'pause')) moves.push({ type: 'pause' });
  if (state.paused) moves.push({ type: 'resume' });
  if (allowed(world, 'refuse') && !state.refused) moves.push({ type: 'refuse' });
  if (open && allowed(world, 'close')) moves.push({ type: 'close' });
  if (state.closing !== 'now' && allowed(world, 'destroy')) moves.push({ type: 'destroy' });
  if (!open) return;
  if (allowed(world, 'resize')) for (const size of options.sizes.keys()) moves.push({ type: 'resize', size });
  if (allowed(world, 'replace')) for (const surge of options.surges) moves.push({ type: 'replace', surge });
}

function addWorkerMoves(world: World, worker: WorldWorker, moves: Move[]): void {
  const { id } = worker;
  if (!worker.ready && worker.told === null) moves.push({ type: 'ready', worker: id });
  for (const kind of exitKinds(world, worker)) moves.push({ type: 'exit', worker: id, kind });
  addReplies(world, worker, moves);
  if (worker.awaitsPong && allowed(world, 'pong')) moves.push({ type: 'pong', worker: id });
  if (worker.awaitsLook && allowed(world, 'inspected')) {
    moves.push(
      { type: 'inspected', worker: id, verdict: 'runs' },
      { type: 'inspected', worker: id, verdict: 'stopped' },
    );
  }
  if (!worker.works) return;
  if (allowed(world, 'garbage')) moves.push({ type: 'garbage', worker: id });
  if (allowed(world, 'silence')) moves.push({ type: 'silence', worker: id });
  if (allowed(world, 'memory')) moves.push({ type: 'memory', worker: id });
}

/** How the process may end. One that was told to may do so at any time, any other as often as the options say. */
function exitKinds(world: World, worker: WorldWorker): readonly ExitKind[] {
  const { exits, maxExits } = world.options;
  if (worker.told === null && world.exits >= maxExits) return [];
  if (!worker.ready) return worker.told !== null ? ['not-ready'] : exits.filter(isStartFailure);
  if (worker.held.length === 0) return worker.told !== null || exits.includes('begun') ? ['begun'] : [];
  const kinds = exits.filter((kind) => !isStartFailure(kind) && (kind !== 'unbegun' || !world.state.parallel));
  return worker.told !== null && kinds.length === 0 ? ['begun'] : kinds;
}

function isStartFailure(kind: ExitKind): boolean {
  return kind === 'not-ready' || kind === 'for-good';
}

/** The oldest task may be answered in every way, a later one only be given back. */
function addReplies(world: World, worker: WorldWorker, moves: Move[]): void {
  for (const [index, task] of worker.held.entries()) {
    const answer = { type: 'reply', worker: worker.id, task: task.name } as const;
    if (index === 0 || world.state.parallel) for (const kind of world.options.replies) moves.push({ ...answer, kind });
    if (givesBack(world, worker, task)) moves.push({ ...answer, kind: 'not-started' });
  }
}

function givesBack(world: World, worker: WorldWorker, task: WorldTask): boolean {
  if (worker.held[0] === task || world.state.parallel) return task.cancelled;
  return worker.abilities.recall && (task.cancelled || task.recalled);
}
