// Where version 2 lets us make groups: at the root, in a service, in a container, and where it doesn't.
import assert from 'node:assert/strict';
import { chownSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { check } from './check.mjs';
import { endOf, spawnIn } from './processes.mjs';

const ROOT = '/sys/fs/cgroup';
const USER = 1000;
const PROBE = ['node', '/app/guest/probe.mjs'];
const ALL = { memory: { available: true }, cpuRate: { available: true }, maxProcesses: { available: true } };

export async function checkPlaces() {
  // The service manager's part.
  for (const controller of ['memory', 'cpu', 'pids']) writeFileSync(`${ROOT}/cgroup.subtree_control`, `+${controller}`);

  await check('root in the root group has its groups there', async () => {
    const said = await probe(ROOT, PROBE);
    assert.match(said.folder, /^\/sys\/fs\/cgroup\/ostler-/);
    assertWorks(said);
  });

  await check('a user’s delegated group has them, after its processes moved to a leaf', async () => {
    const said = await inGroup('delegated', (folder) => {
      for (const file of ['', '/cgroup.procs', '/cgroup.subtree_control', '/cgroup.threads'])
        chownSync(`${folder}${file}`, USER, USER);
      return probe(folder, [...PROBE, String(USER)]);
    });
    assertWorks(said);
    assert.match(said.folder, /^\/sys\/fs\/cgroup\/delegated\/ostler-\d/);
    assert.equal(said.ownGroup, '0::/delegated/ostler-self');
  });

  await check('a container’s own root has them, too', async () => {
    const shell = `umount ${ROOT} && mount -t cgroup2 none ${ROOT} && exec ${PROBE.join(' ')}`;
    const said = await inGroup('container', (folder) =>
      probe(folder, ['/bin/unshare-cgroup', '-C', '-m', 'sh', '-c', shell]),
    );
    assertWorks(said);
    assert.equal(said.ownGroup, '0::/ostler-self');
  });

  await check('a user’s group that isn’t delegated has none, and the reason names Delegate=yes', async () => {
    const { reason } = await inGroup('service', (folder) => probe(folder, [...PROBE, String(USER)]));
    assert.match(reason, /this user may not make control groups in .*\/service: put Delegate=yes/);
  });

  await check('a group with other processes has none, and they stay where they are', async () => {
    const { reason } = await inGroup('session', async (folder) => {
      const stranger = spawnIn([folder], ['sleep', '1000']);
      const said = await probe(folder, PROBE);
      stranger.kill('SIGKILL');
      await endOf(stranger);
      return { ...said, stranger: stranger.pid };
    });
    assert.match(reason, /session holds processes that are not ours \(\d+\)/);
  });

  await check('a read-only mount has none, and the reason speaks of containers', async () => {
    const shell = `mount -o remount,bind,ro ${ROOT} && exec ${PROBE.join(' ')}`;
    const { reason } = await probe(ROOT, ['unshare', '-m', 'sh', '-c', shell]);
    assert.match(reason, /is read-only, as in most containers/);
  });
}

async function inGroup(name, action) {
  const folder = `${ROOT}/${name}`;
  mkdirSync(folder);
  const said = await action(folder);
  const leaf = `${folder}/ostler-self`;
  try {
    rmdirSync(leaf);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmdirSync(folder);
  return said;
}

async function probe(folder, command) {
  const { stdout, stderr } = await endOf(spawnIn([folder], command));
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`the probe said: ${stdout}${stderr}`);
  }
}

function assertWorks(said) {
  assert.deepEqual(
    { ...said, folder: '', ownGroup: '' },
    { version: 2, support: ALL, signal: 'SIGKILL', oomKills: 1, folder: '', ownGroup: '' },
  );
}
