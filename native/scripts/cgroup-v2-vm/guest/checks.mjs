// Runs in the machine as root, in the root group.
import { check, failures } from './check.mjs';
import { checkLimits } from './limits.mjs';
import { checkPlaces } from './places.mjs';

await check('the kernel has version 2 alone', async () => {
  const { readFileSync } = await import('node:fs');
  const [name, release] = [process.platform, readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim()];
  const controllers = readFileSync('/sys/fs/cgroup/cgroup.controllers', 'utf8').trim();
  if (readFileSync('/proc/self/cgroup', 'utf8') !== '0::/\n')
    throw new Error(readFileSync('/proc/self/cgroup', 'utf8'));
  return `${name} ${release}; ${controllers}`;
});
await checkPlaces();
await checkLimits();
// A check that failed may have left a process that would keep this one.
process.exit(failures() === 0 ? 0 : 1);
