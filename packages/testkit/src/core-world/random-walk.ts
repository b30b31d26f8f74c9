import type { Chooser } from './chooser.js';
import type { Move, MoveType } from './move.js';
import { possibleMoves } from './possible-moves.js';
import type { World } from './world.js';

/** How likely each kind of move is, compared with the others that are possible. */
const WEIGHTS: Readonly<Record<MoveType, number>> = {
  submit: 12,
  ready: 10,
  reply: 14,
  deadline: 6,
  wait: 1.5,
  exit: 1.2,
  abort: 0.4,
  pong: 3,
  inspected: 2,
  garbage: 0.2,
  silence: 0.1,
  memory: 0.3,
  pause: 0.3,
  resume: 3,
  refuse: 0.5,
  resize: 0.2,
  replace: 0.15,
  close: 0.01,
  destroy: 0.01,
};
/** A worker that was told to leave mostly does so soon. */
const TOLD_EXIT_WEIGHT = 5;
const SCALE = 1_000;

/** Lets `steps` things happen at random, or fewer where nothing more can. */
export function walk(world: World, chooser: Chooser, steps: number): void {
  for (let step = 0; step < steps; step++) {
    const move = chooseMove(world, chooser);
    if (move === undefined) return;
    world.perform(move);
  }
}

function chooseMove(world: World, chooser: Chooser): Move | undefined {
  const moves = possibleMoves(world);
  if (moves.length === 0) return undefined;
  const weights = weightsOf(world, moves);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = chooser.between(1, Math.max(1, Math.round(total * SCALE))) / SCALE;
  for (const [index, move] of moves.entries()) {
    left -= weights[index] as number;
    if (left <= 0) return move;
  }
  return moves.at(-1);
}

/** Each kind of move has its weight, shared by the moves of that kind. */
function weightsOf(world: World, moves: readonly Move[]): number[] {
  const alike: Partial<Record<MoveType, number>> = {};
  for (const { type } of moves) alike[type] = (alike[type] ?? 0) + 1;
  return moves.map((move) => {
    const told = move.type === 'exit' && world.state.workers.get(move.worker)?.told !== null;
    return (told ? TOLD_EXIT_WEIGHT : WEIGHTS[move.type]) / (alike[move.type] as number);
  });
}
