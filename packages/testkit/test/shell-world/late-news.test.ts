import { ProcessPool, WorkerCrashedError } from '@ostler/pool';
import type { OsProcess, ProcessListener, SpawnRequest } from '@ostler/pool/os';
import { expect, test } from 'vitest';
import { SimulatedOs, type WorkerScript, workerProgram } from '../../src/index.js';
import { poolOn } from '../../src/shell-world/index.js';

const LATE = 10_000;

/** A machine so busy that the exit of a process is told long after its pipes have ended. */
class BusyMachine extends SimulatedOs {
  override spawn(request: SpawnRequest, listener: ProcessListener): OsProcess {
    return super.spawn(request, {
      onStarted: () => listener.onStarted(),
      onSpawnError: (error) => listener.onSpawnError(error),
      onData: (stream, bytes) => listener.onData(stream, bytes),
      onEnd: (stream) => listener.onEnd(stream),
      onExit: (...exit) => this.setTimer(() => listener.onExit(...exit), LATE),
    });
  }
}

const leaves: WorkerScript = {
  *handle(_, voice) {
    voice.host.exit(3);
    yield;
  },
};

test('a worker whose exit is told late has exited, and is not taken for one that only closed its channel', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const os = new BusyMachine({ seed, program: () => workerProgram(leaves), hasLedgers: false });
    const options = { command: ['worker'] as const, cpus: 2, maxWorkers: 1, minWorkers: 0, output: 'event' as const };
    const pool = poolOn(ProcessPool, os, options);
    let error: unknown;
    void pool.run('work').catch((reason) => {
      error = reason;
    });
    await os.runAsync(() => error !== undefined);
    expect(error).toBeInstanceOf(WorkerCrashedError);
    expect(error).toMatchObject({ unresponsive: false, exit: { exitCode: 3, signal: null } });
    let hasEnded = false;
    void pool.destroy().then(() => {
      hasEnded = true;
    });
    await os.runAsync(() => hasEnded);
  }
});
