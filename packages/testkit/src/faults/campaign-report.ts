import type { Setup } from './setup.js';

/** What became of every task of a campaign, and of every kill. */
export interface CampaignReport {
  readonly setup: Omit<Setup, 'depth'>;
  readonly seed: number;
  readonly ms: number;
  readonly kills: number;
  readonly tasks: number;
  /** Tasks whose digest came back and was right. */
  readonly finished: number;
  /** Tasks that were rejected because their worker was killed while, as far as the pool could know, it ran them. */
  readonly suspects: number;
  /** Tasks that lost three workers before they began, which the pool then gives up. */
  readonly givenUp: number;
  /** Kills that no task was charged for: the worker was between two tasks. */
  readonly killsWithoutSuspect: number;
  /** From here on all should be 0. Kills that more than one task was charged for. */
  readonly killsWithSeveralSuspects: number;
  /** Tasks that were rejected although their worker had begun another one since: their result was finished. */
  readonly lostResults: number;
  readonly ranTwice: number;
  readonly wrongDigests: number;
  /** Promises that never settled. */
  readonly pending: number;
  /** Processes that were there after `close()`. */
  readonly left: number;
  /** Other errors, tasks that were done without having begun, and deaths that were none of our kills. */
  readonly unexpected: readonly string[];
}

/** Whether nothing was lost, doubled or blamed wrongly. */
export function isClean(report: CampaignReport): boolean {
  return flaws(report).every(([count]) => count === 0);
}

/** The report in a few lines. */
export function formatCampaign(report: CampaignReport): string {
  const { setup, kills, tasks, finished, suspects, givenUp, killsWithoutSuspect, unexpected, ms, seed } = report;
  const rate = (count: number): string => `${Math.round((count * 1_000) / ms).toLocaleString('en-US')}/s`;
  const number = (count: number): string => count.toLocaleString('en-US');
  return [
    `${number(kills)} workers in ${setup.language} over ${setup.transport} killed by SIGKILL in ${Math.round(ms / 1_000)} s (${rate(kills)}; seed ${seed})`,
    `  ${number(tasks)} tasks sent ahead (${rate(tasks)}): ${number(finished)} finished, ${number(suspects)} rejected as the one suspect of a kill, ${number(givenUp)} after three kills before they began; ${number(killsWithoutSuspect)} kills without one`,
    `  ${flaws(report)
      .map(([count, what]) => `${number(count)} ${what}`)
      .join(', ')}: ${isClean(report) ? 'clean' : 'WRONG'}`,
    ...unexpected.slice(0, 10).map((what) => `  unexpected: ${what}`),
  ].join('\n');
}

function flaws(report: CampaignReport): [number, string][] {
  const { lostResults, ranTwice, wrongDigests, killsWithSeveralSuspects, pending, left, unexpected } = report;
  return [
    [lostResults, 'finished results lost'],
    [ranTwice, 'tasks run twice'],
    [killsWithSeveralSuspects, 'kills with several suspects'],
    [wrongDigests, 'wrong digests'],
    [pending, 'promises pending'],
    [left, 'processes left'],
    [unexpected.length, 'unexpected'],
  ];
}
