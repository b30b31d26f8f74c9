import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { execa, type Options } from 'execa';
import type { SpawnError, SpawnRequest } from './operating-system.js';
import { explainSpawnError } from './spawn-error.js';

const WINDOWS = process.platform === 'win32';

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
    // There, execa hands a shell whatever is no .exe or .com, also what is not there at all.
    if (WINDOWS) return spawn(file, args, spawnOptionsFor(request));
    const subprocess = execa(file, args, optionsFor(request));
    // An error thrown by spawn itself (an argument with a NUL, E2BIG) is told by the result only.
    subprocess.then(({ failed: bad, cause, shortMessage }) => {
      if (bad && subprocess.pid === undefined) fail((cause as SpawnError | undefined) ?? new Error(shortMessage));
    }, fail);
    return subprocess;
  } catch (error) {
    // Of their own, execa and Node refuse what no system takes (a NUL in an argument); such an error has no code.
    process.nextTick(fail, Object.assign(error as SpawnError, { code: (error as SpawnError).code ?? 'EINVAL' }));
    return undefined;
  } finally {
    unsubscribe('child_process', onCreated);
  }
}

/** A session of its own, so that Ctrl-C reaches the pool only; on Windows it would open a console window instead. */
function spawnOptionsFor({ cwd, env, channel, ledger }: SpawnRequest): SpawnOptions {
  const channelPipe = channel ? 'pipe' : 'ignore';
  return {
    stdio: ['pipe', 'pipe', 'pipe', channelPipe, channelPipe, ledger?.fd ?? 'ignore'],
    ...(cwd !== undefined && { cwd }),
    env,
    detached: !WINDOWS,
    windowsHide: true,
  };
}

function optionsFor(request: SpawnRequest): Options {
  // execa's types know only the descriptors 0, 1 and 2; any other passes through to Node.
  const options = spawnOptionsFor(request) as Options;
  return { ...options, extendEnv: false, buffer: false, reject: false, cleanup: false };
}
