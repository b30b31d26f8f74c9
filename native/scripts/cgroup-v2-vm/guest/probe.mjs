// Says as JSON which control groups a process may use that is in some group: node probe.mjs [UID]
import { readFileSync } from 'node:fs';
import { clear, eat, endOf, guardIn } from './processes.mjs';

const [uid] = process.argv.slice(2);
if (uid !== undefined) {
  process.setgid(Number(uid));
  process.setuid(Number(uid));
}
const { findControlGroups } = await import('@ostler/native');
const found = findControlGroups();
process.stdout.write(`${JSON.stringify('reason' in found ? found : await tryOut(found))}\n`);

/** What the driver says, and what happens to a worker above its memory limit. */
async function tryOut(driver) {
  const pool = driver.createPoolGroup('probe');
  const worker = pool.createChild('worker');
  worker.setLimits({ memory: 100 << 20, cpuRate: 0.5, maxProcesses: 50 });
  const { signal } = await endOf(guardIn(worker.folders, eat(300)));
  const oomKills = worker.oomKills();
  await clear(pool);
  const [folder] = worker.folders;
  return { version: driver.version, support: driver.support, folder, signal, oomKills, ownGroup: ownGroup() };
}

function ownGroup() {
  return readFileSync('/proc/self/cgroup', 'utf8').trim();
}
