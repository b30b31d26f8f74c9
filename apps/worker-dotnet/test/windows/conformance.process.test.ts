import { runConformance } from '@ostler/conformance';
import { describe, expect, it } from 'vitest';
import { isPublished, PUBLISHED } from './support.js';

/** Seen in Wine 8.0: of two exceptions that leave a method called by reflection, the second ends the thread, for a stale frame of Wine's own. */
const WINE_CANNOT = { failure: 'Wine ends the thread of the second exception' };
/** How many rules apply to it, those of the ledger among them. */
const RULES = { channel: 79, stdio: 76, ledger: 85 } as const;

describe.skipIf(!isPublished)('a self-contained .NET worker (needs the .NET SDK 10)', () => {
  it.each(['channel', 'stdio', 'ledger'] as const)(
    'keeps every rule of the protocol over %s',
    { timeout: 300_000 },
    async (transport) => {
      const except = process.env.OSTLER_WINE === undefined ? {} : WINE_CANNOT;
      const { results } = await runConformance([...PUBLISHED, 'conformance'], {
        transports: [transport],
        timeout: 30_000,
        except,
      });
      expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(results.filter(({ status }) => status === 'ok').length).toBeGreaterThanOrEqual(RULES[transport]);
    },
  );
});
