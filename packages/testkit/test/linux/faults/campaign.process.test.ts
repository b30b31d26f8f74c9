import { describe, expect, it } from 'vitest';
import { runCampaign } from '../../../dist/faults/campaign.js';
import { formatCampaign, isClean } from '../../../dist/faults/campaign-report.js';

describe('workers that are killed at random while tasks are sent ahead to them', () => {
  it.each([
    [60, { language: 'python', transport: 'ledger' }],
    [20, { language: 'node', transport: 'ledger' }],
    [20, { language: 'python', transport: 'stdio' }],
  ] as const)('take at most one task each, %i times (%o)', { timeout: 240_000 }, async (kills, setup) => {
    const report = await runCampaign({ kills, setup, seed: 20_260_101 });
    expect(isClean(report), formatCampaign(report)).toBe(true);
    expect(report).toMatchObject({ kills, tasks: report.finished + report.suspects + report.givenUp });
    expect(report.suspects + report.killsWithoutSuspect).toBe(kills);
    expect(report.suspects).toBeGreaterThan(0);
  });
});
