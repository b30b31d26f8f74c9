import type { BrokenScenario } from './run-scenario.js';
import type { Act, Move, TaskPlan } from './scenario.js';

/** The promise, what was seen, and the moves that led to it, one a line. */
export function describeBroken({ scenario, violation }: BrokenScenario): string {
  const { moves, ...rest } = scenario;
  return [`${violation.property}: ${violation.seen}`, ...moves.map(describe), `  in ${JSON.stringify(rest)}`].join(
    '\n',
  );
}

function describe({ act, events }: Move): string {
  return `  ${describeAct(act)}${events > 0 ? `, then ${events} events` : ''}`;
}

function describeAct(act: Act): string {
  if ('tasks' in act) return `${act.type} [${act.tasks.map(describeTask).join('; ')}]`;
  if ('task' in act && typeof act.task === 'object') return `${act.type} ${describeTask(act.task)}${consumer(act)}`;
  const { type, ...details } = act;
  return Object.keys(details).length === 0 ? type : `${type} ${JSON.stringify(details)}`;
}

function consumer(act: Act): string {
  if (act.type !== 'stream') return '';
  const { chunks, every, leaves } = act.consumer;
  return ` of ${chunks} chunks, one every ${every} events${leaves === Infinity ? '' : `, left after ${leaves}`}`;
}

function describeTask({ deed, size, replySize, times: _, asText: __, ...options }: TaskPlan): string {
  const more = Object.keys(options).length === 0 ? '' : ` ${JSON.stringify(options)}`;
  return `${deed} ${size}->${replySize} bytes${more}`;
}
