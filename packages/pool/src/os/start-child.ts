import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { execa, type Options } from 'execa';
import type { SpawnError, SpawnRequest } from './operating-system.js';
import { explainSpawnError } from './spawn-error.js';

/**
 * Starts a process; what went wrong comes by `onError`, later and once. Undefined where there is no process object at all.
 */
export function startChild(request: SpawnRequest, onError: (error: SpawnError) => void): ChildProcess | undefined {
  const [file, ...args] = request.command;
  let failed = false;
  const fail = (error: SpawnError): void => {
    if (failed) return;
    failed = true;
    onError(explainSpawnError(error, request));
  };
  // Without a free descriptor, Node hands execa a child without pipes, on which execa throws, and the child's own 'error'
  // would then be nobody's: it would end the whole program. So the listener is added where the child is made.
  const onCreated = (message: unknown): void => {
    (message as { process: ChildProcess }).process.once('error', fail);
  };
  subscribe('child_process', onCreated);
  try {
    const subprocess = execa(file, args, optionsFor(request));
    // An error thrown by spawn itself (an argument with a NUL, E2BIG) is told by the result only.
    subprocess.then(({ failed: bad, cause, shortMessage }) => {
      if (bad && subprocess.pid === undefined) fail((cause as SpawnError | undefined) ?? new Error(shortMessage));
    }, fail);
    return subprocess;
  } catch (error) {
    // Of its own, execa refuses what no system takes (a NUL in an argument); such an error has no code.
    process.nextTick(fail, Object.assign(error as SpawnError, { code: (error as SpawnError).code ?? 'EINVAL' }));
    return undefined;
  } finally {
    unsubscribe('child_process', onCreated);
  }
}

function optionsFor({ cwd, env, channel, ledger }: SpawnRequest): Options {
  const channelPipe = channel ? 'pipe' : 'ignore';
  // execa's types know only the descriptors 0, 1 and 2; any other passes through to Node.
  const ledgerFd = (ledger?.fd ?? 'ignore') as 'ignore';
  return {
    stdio: ['pipe', 'pipe', 'pipe', channelPipe, channelPipe, ledgerFd],
    ...(cwd !== undefined && { cwd }),
    env,
    extendEnv: false,
    buffer: false,
    reject: false,
    cleanup: false,
    // A session of its own: Ctrl-C reaches the pool only. On Windows it would open a console window instead.
    detached: process.platform !== 'win32',
    windowsHide: true,
  };
}
