import { runConformance } from '@ostler/conformance';
import { describe, expect, it } from 'vitest';
import {
  FIXTURES,
  FIXTURES_DLL,
  FRAMEWORK_FIXTURES,
  FRAMEWORK_HOST,
  hasMono,
  isBuilt,
  MODERN_HOST,
} from './support.js';

type Transport = 'channel' | 'stdio' | 'ledger';

const TYPE = ['--type', 'Ostler.Fixtures.Conformance'];

async function expectConformance(command: string[], transport: Transport): Promise<void> {
  const options = { transports: [transport], timeout: 30_000 };
  const { results } = await runConformance(command as [string, ...string[]], options);
  expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(results.filter(({ status }) => status === 'ok').length).toBeGreaterThan(70);
}

describe.skipIf(!isBuilt)('every rule of the protocol (needs the .NET SDK 10)', () => {
  it.each(['channel', 'stdio', 'ledger'] as const)(
    'is kept by the .NET SDK over %s',
    { timeout: 300_000 },
    (transport) => expectConformance([...FIXTURES, 'conformance'], transport),
  );

  it('is kept by the modern host', { timeout: 300_000 }, () =>
    expectConformance([...MODERN_HOST, '--assembly', FIXTURES_DLL, ...TYPE], 'ledger'),
  );

  it.skipIf(!hasMono)('is kept by the host for .NET Framework (needs mono-devel)', { timeout: 300_000 }, () =>
    expectConformance([...FRAMEWORK_HOST, '--assembly', FRAMEWORK_FIXTURES, ...TYPE], 'ledger'),
  );
});
