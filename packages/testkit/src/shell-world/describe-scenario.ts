import type { BrokenScenario } from './run-scenario.js';
import type { Act, Move, Scenario, TaskPlan } from './scenario.js';

/** The promise that was broken, what was seen, and what led to it, one move a line. */
export function describeBroken({ scenario, violation }: BrokenScenario): string {
  const moves = describeMoves(scenario).map((line) => `  ${line}`);
  return [`${violation.property}: ${violation.seen}, in`, ...moves].join('\n');
}

/** The pool and its machine, then its moves, each in words. */
export function describeMoves({ moves, ...rest }: Scenario): string[] {
  return [`a world of ${JSON.stringify(rest)}`, ...moves.map(describe)];
}

function describe({ act, events }: Move): string {
  return `${describeAct(act)}${events > 0 ? `, then ${events} events` : ''}`;
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
