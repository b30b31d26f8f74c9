import { type ChildProcess, spawn } from 'node:child_process';
import { LedgerFile } from './ledger-file.js';

/** How the parent talks: private descriptors, the standard streams, or private descriptors and a ledger. */
export type Transport = 'channel' | 'stdio' | 'ledger';
export const TRANSPORTS: readonly Transport[] = ['channel', 'stdio', 'ledger'];

export interface LaunchOptions {
  readonly command: readonly [file: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly transport: Transport;
  /** Milliseconds that one step may take before it counts as not happening. */
  readonly timeout: number;
  /** Bytes; 65,536 by default. */
  readonly ledgerSize?: number;
  readonly stderr?: 'pipe' | 'inherit';
}

export interface Launched {
  readonly child: ChildProcess;
  readonly ledger: LedgerFile | undefined;
}

/** Starts the worker in a session of its own, with the descriptors and the environment that a pool gives it. */
export function launch({ command, env, transport, ledgerSize, stderr = 'pipe' }: LaunchOptions): Launched {
  const [file, ...args] = command;
  const ledger = transport === 'ledger' ? new LedgerFile(ledgerSize ?? 65_536) : undefined;
  const privateDescriptors = transport === 'stdio' ? [] : ['pipe' as const, 'pipe' as const];
  const child = spawn(file, args, {
    detached: process.platform !== 'win32', // there it would open a console
    env: { ...inheritedEnv(), ...offers(transport), ...env },
    stdio: ['pipe', 'pipe', stderr, ...privateDescriptors, ...(ledger ? [ledger.descriptor] : [])],
  });
  return { child, ledger };
}

function offers(transport: Transport): Record<string, string> {
  return {
    OSTLER_SLOT: '3',
    OSTLER_WORKER_ID: '41',
    OSTLER_POOL: 'conformance',
    ...(transport !== 'stdio' && { OSTLER_CHANNEL: '3,4' }),
    ...(transport === 'ledger' && { OSTLER_LEDGER: '5' }),
  };
}

/** Ours may itself have been set by a pool. */
function inheritedEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('OSTLER_')));
}
