import { describe, expect, it } from 'vitest';
import { summarize, total } from '../../src/windows/report.js';

const file = (name: string, ...statuses: string[]) => ({
  name,
  status: statuses.includes('failed') || statuses.length === 0 ? 'failed' : 'passed',
  assertionResults: statuses.map((status, index) => ({ status, fullName: `${name} ${index}` })),
});

describe('what the tests on Windows have shown', () => {
  it('is how many passed, how many failed, and which were skipped', () => {
    const testResults = [file('a', 'passed', 'pending'), file('b', 'failed', 'todo', 'skipped')];
    expect(summarize({ numPassedTests: 1, numFailedTests: 1, testResults })).toEqual({
      passed: 1,
      failed: 1,
      skipped: ['a 1', 'b 1', 'b 2'],
    });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(summarize({ numPassedTests: 0, numFailedTests: 0, testResults: [file('broken')] }).failed).toBe(1);
  });

  it('adds up', () => {
    const one = { passed: 1, failed: 2, skipped: ['a'] };
    expect(total([one, one])).toEqual({ passed: 2, failed: 4, skipped: ['a', 'a'] });
  });
});
