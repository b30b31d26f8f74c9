import { runConformance } from '@ostler/conformance';
import { describe, expect, it } from 'vitest';
import { built, isBuilt } from './support.js';

/** On Windows the SDK speaks on stdin and stdout, moved away from user code. */
const TRANSPORTS = process.platform === 'win32' ? (['stdio'] as const) : (['channel', 'stdio', 'ledger'] as const);
const LEAST = process.platform === 'win32' ? 68 : 70;

describe.skipIf(!isBuilt)('the C++ SDK (needs cmake and a C++ compiler)', () => {
  it.each(TRANSPORTS)('keeps every rule of the protocol over %s', { timeout: 300_000 }, async (transport) => {
    const options = { transports: [transport], timeout: 30_000 };
    const { results } = await runConformance([built('fixtures'), 'conformance'], options);
    expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(results.filter(({ status }) => status === 'ok').length).toBeGreaterThan(LEAST);
  });
});
