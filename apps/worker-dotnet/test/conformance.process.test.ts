import { runConformance } from '@ostler/conformance';
import { describe, expect, it } from 'vitest';
import { FIXTURES, isBuilt } from './support.js';

describe.skipIf(!isBuilt)('the .NET SDK (needs the .NET SDK 10)', () => {
  it.each(['channel', 'stdio', 'ledger'] as const)(
    'keeps every rule of the protocol over %s',
    { timeout: 300_000 },
    async (transport) => {
      const options = { transports: [transport], timeout: 30_000 };
      const { results } = await runConformance([...FIXTURES, 'conformance'], options);
      expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(results.filter(({ status }) => status === 'ok').length).toBeGreaterThan(70);
    },
  );
});
