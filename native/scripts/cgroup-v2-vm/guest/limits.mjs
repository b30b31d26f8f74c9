// What the limits of version 2 do to real processes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { findControlGroups } from '@ostler/native';
import { check } from './check.mjs';
import { clear, eat, endOf, guardIn, said, spawnIn } from './processes.mjs';

const MiB = 1_048_576;

export async function checkLimits() {
  const driver = findControlGroups();
  const limited = (name, action) => check(name, () => inPool(driver, action));

  await limited('limits are read back', (pool) => {
    const worker = pool.createChild('worker');
    worker.setLimits({ memory: 100 * MiB, cpuRate: 0.2, maxProcesses: 20 });
    assert.deepEqual(worker.limits(), { memory: 100 * MiB, cpuRate: 0.2, maxProcesses: 20 });
    assert.throws(() => worker.setLimits({ memory: 200 * MiB, maxProcesses: 1e9 }), /write .*pids\.max: EINVAL/);
    assert.deepEqual(worker.limits(), { memory: 100 * MiB, cpuRate: 0.2, maxProcesses: 20 });
    worker.setLimits({});
    assert.deepEqual(Object.values(worker.limits()), [undefined, undefined, undefined]);
  });

  await limited('memory: all of a worker is killed at its limit, and its group alone counts it', async (pool) => {
    const [guilty, neighbour] = ['guilty', 'neighbour'].map((name) => pool.createChild(name));
    for (const group of [guilty, neighbour]) group.setLimits({ memory: 100 * MiB });
    const quiet = spawnIn(neighbour.folders, ['sleep', '1000']);
    const { signal } = await endOf(spawnIn(guilty.folders, eat(300)));
    assert.equal(signal, 'SIGKILL');
    assert.deepEqual([guilty.oomKills(), neighbour.oomKills(), pool.oomKills()], [1, 0, 0]);
    const { peakMemory } = guilty.usage();
    assert.ok(peakMemory > 50 * MiB && peakMemory <= 100 * MiB, `the peak is ${peakMemory}`);
    const family = spawnIn(guilty.folders, ['sh', '-c', `sleep 1000 & ${quoted(eat(300))}; echo still here`]);
    assert.deepEqual([(await endOf(family)).signal, guilty.oomKills()], ['SIGKILL', 4]);
    assert.equal(quiet.exitCode ?? quiet.signalCode, null);
    return `peak ${(peakMemory / MiB).toFixed(1)} MiB`;
  });

  await limited('memory: a limit below what is in use is refused, and kills nobody', async (pool) => {
    const worker = pool.createChild('worker');
    const program = 'globalThis.kept = Buffer.alloc(60 << 20, 1); console.log(1); setInterval(() => {}, 1e6)';
    const child = spawnIn(worker.folders, ['node', '-e', program]);
    await once(child.stdout, 'data');
    assert.throws(() => worker.setLimits({ memory: 50 * MiB }), /write .*memory\.max: EBUSY \(\d+ bytes are in use/);
    assert.deepEqual([worker.limits().memory, child.exitCode ?? child.signalCode], [undefined, null]);
  });

  await limited('memory: the limit of the pool is told apart', async (pool) => {
    const worker = pool.createChild('worker');
    pool.setLimits({ memory: 100 * MiB });
    worker.setLimits({ memory: 500 * MiB });
    assert.equal((await endOf(spawnIn(worker.folders, eat(300)))).signal, 'SIGKILL');
    assert.deepEqual([worker.oomKills(), pool.oomKills()], [0, 1]);
  });

  await limited('memory: the machine’s own want of memory is told apart', async (pool) => {
    const worker = pool.createChild('worker');
    worker.setLimits({ memory: 4_000 * MiB });
    const eater = ['sh', '-c', `echo 1000 > /proc/self/oom_score_adj; exec ${quoted(eat(2_000))}`];
    assert.equal((await endOf(spawnIn(worker.folders, eater))).signal, 'SIGKILL');
    const events = readFileSync(`${worker.folders[0]}/memory.events.local`, 'utf8');
    assert.match(events, /^oom_group_kill 1$/m);
    assert.deepEqual([worker.oomKills(), pool.oomKills()], [0, 0]);
  });

  await limited('cpuRate 0.2: 18 to 22 % of a CPU over 5 s', async (pool) => {
    const worker = pool.createChild('worker');
    worker.setLimits({ cpuRate: 0.2 });
    for (let i = 0; i < 2; i++) spawnIn(worker.folders, ['sh', '-c', 'while :; do :; done']);
    await wait(500);
    const [cpuBefore, before] = [worker.usage().cpuMs, performance.now()];
    await wait(5_000);
    const share = ((worker.usage().cpuMs - cpuBefore) / (performance.now() - before)) * 100;
    assert.ok(share >= 18 && share <= 22, `${share.toFixed(1)} %`);
    return `${share.toFixed(1)} %`;
  });

  await limited('maxProcesses: a fork above it is refused, the neighbour’s is not', async (pool) => {
    const [bomb, neighbour] = ['bomb', 'neighbour'].map((name) => pool.createChild(name));
    bomb.setLimits({ maxProcesses: 16 });
    const forks = ['sh', '-c', 'for i in $(seq 30); do sleep 1000 & done; echo done; wait'];
    const quiet = spawnIn(neighbour.folders, forks);
    await once(quiet.stdout, 'data');
    const refused = spawnIn(bomb.folders, forks);
    await said(refused.stderr, /fork: Resource temporarily unavailable/);
    assert.ok(bomb.usage().processes <= 16);
    assert.equal(neighbour.usage().processes, 31);
  });

  await limited('kill ends a whole group and no other', async (pool) => {
    const [worker, neighbour] = ['worker', 'neighbour'].map((name) => pool.createChild(name));
    const quiet = spawnIn(neighbour.folders, ['sh', '-c', 'echo here; exec sleep 1000']);
    const forks = 'setsid sleep 1000 & setsid sh -c "sleep 1000 & sleep 1000" & echo here; wait';
    const child = spawnIn(worker.folders, ['sh', '-c', forks]);
    await Promise.all([once(child.stdout, 'data'), once(quiet.stdout, 'data')]);
    assert.equal(worker.remove(), false);
    worker.kill();
    await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGKILL');
    await clear(worker);
    assert.deepEqual(pool.pids(), [quiet.pid]);
  });

  await check('the guard of a pool that is gone ends its worker’s group and removes both groups', async () => {
    const pool = driver.createPoolGroup('gone');
    const worker = pool.createChild('worker');
    const program = 'setsid sh -c "sleep 1000 & echo here; sleep 1000" & exec sleep 1000';
    const guard = guardIn(worker.folders, ['sh', '-c', program]);
    await said(guard.stdout, /here/);
    assert.ok(worker.pids().length >= 3, `${worker.pids().length} processes`);
    assert.ok(!worker.pids().includes(guard.pid));
    guard.stdio[3].destroy();
    await once(guard, 'exit');
    assert.deepEqual([...worker.folders, ...pool.folders].filter(existsSync), []);
  });

  await check('groups of an owner that was killed are removed with their processes', async () => {
    const program = `import { findControlGroups } from '@ostler/native';
      const group = findControlGroups().createPoolGroup('abandoned').createChild('worker');
      console.log(group.folders[0]); setInterval(() => {}, 1e6);`;
    const owner = spawnIn([], ['node', '--input-type=module', '-e', program]);
    const folder = String(await once(owner.stdout, 'data')).trim();
    const orphan = spawnIn([folder], ['sh', '-c', 'echo here; exec sleep 1000']);
    await once(orphan.stdout, 'data');
    assert.deepEqual([driver.removeStaleGroups(), existsSync(folder)], [0, true]);
    owner.kill('SIGKILL');
    await endOf(owner);
    while (driver.removeStaleGroups() > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(existsSync(folder), false);
  });
}

async function inPool(driver, action) {
  const pool = driver.createPoolGroup('check');
  try {
    return await action(pool);
  } finally {
    await clear(pool);
  }
}

function quoted(command) {
  return command.map((word) => `'${word}'`).join(' ');
}
