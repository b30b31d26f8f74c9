import { fileURLToPath } from 'node:url';
import { runConformance } from '@ostler/conformance';
import { describe, expect, it } from 'vitest';
import { findPython } from './find-python.js';

const python = findPython();
const fixture = fileURLToPath(new URL('../../../packages/testkit/fixtures/python/conformance.py', import.meta.url));

describe.skipIf(python === undefined)('the Python SDK with a fork per task (needs python3 3.9 or newer)', () => {
  it.each(['channel', 'stdio', 'ledger'] as const)(
    'keeps every rule of the protocol over %s',
    { timeout: 300_000 },
    async (transport) => {
      const options = { transports: [transport], timeout: 30_000 };
      const { results } = await runConformance([python as string, fixture, '--fork'], options);
      expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
      const { length } = results.filter(({ status }) => status === 'ok');
      if (transport === 'ledger')
        expect(length).toBe(0); // it keeps none, and says so
      else expect(length).toBeGreaterThan(60);
    },
  );
});
