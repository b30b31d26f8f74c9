import { type Hello, PROTOCOL_VERSION } from '@ostler/protocol';

/** Of this package; a test compares it with package.json. */
export const SDK_VERSION = '0.1.0';

/** What this worker says of itself in HELLO. */
export function describeWorker(handlers: readonly string[], hasLedger: boolean): Hello {
  const capabilities = ['cancel', 'stream', 'progress', 'log', 'recall', 'concurrency'];
  return {
    protocol: { min: PROTOCOL_VERSION, max: PROTOCOL_VERSION },
    sdk: { name: 'ostler-node', version: SDK_VERSION },
    runtime: { name: process.release.name, version: process.versions.node },
    pid: process.pid,
    capabilities: hasLedger ? [...capabilities, 'ledger'] : capabilities,
    handlers: handlers.map((name) => ({ name })),
  };
}
