import { runConformance } from '@ostler/conformance';
import { describe, expect, it } from 'vitest';
import { built, isBuilt } from './support.js';

/** How many rules apply to it, those of the ledger among them. */
const RULES = { channel: 74, stdio: 71, ledger: 80 } as const;

describe.skipIf(!isBuilt)('the C++ SDK (needs cmake and a C++ compiler)', () => {
  it.each(['channel', 'stdio', 'ledger'] as const)(
    'keeps every rule of the protocol over %s',
    { timeout: 300_000 },
    async (transport) => {
      const options = { transports: [transport], timeout: 30_000 };
      const { results } = await runConformance([built('fixtures'), 'conformance'], options);
      expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(results.filter(({ status }) => status === 'ok').length).toBeGreaterThanOrEqual(RULES[transport]);
    },
  );
});
