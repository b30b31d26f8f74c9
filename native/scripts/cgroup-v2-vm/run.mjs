// Runs the control groups of @ostler/native on a kernel that has version 2 alone: Debian's cloud kernel in qemu, without
// hardware acceleration, with nothing but Node and this package in its memory. Prints a line for each check; the exit
// code is 0 when all of them hold. Needs qemu-system-x86 and busybox-static, and apt-get to fetch the kernel.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildInitramfs } from './initramfs.mjs';
import { fetchKernel } from './kernel.mjs';

/** It takes half a minute on a quiet machine. */
const TIME_LIMIT_MS = 240_000;
const NEEDED = {
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  'apt-get': 'apt',
  unshare: 'util-linux',
};

function checkMachine() {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('this needs Linux on x86-64');
  const missing = Object.keys(NEEDED).filter((tool) => spawnSync('which', [tool]).status !== 0);
  if (missing.length === 0) return;
  throw new Error(`missing: ${missing.join(', ')}; apt-get install ${missing.map((tool) => NEEDED[tool]).join(' ')}`);
}

/** Starts the machine and gives what it said on its console, and whether its last word was that all is well. */
async function boot(kernel, initramfs) {
  const machine = ['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1024', '-no-reboot'];
  const console_ = ['-nodefaults', '-display', 'none', '-monitor', 'none', '-serial', 'stdio'];
  const options = 'console=ttyS0 cgroup_no_v1=all panic=-1 quiet loglevel=1';
  const args = [...machine, ...console_, '-kernel', kernel, '-initrd', initramfs, '-append', options];
  const qemu = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: TIME_LIMIT_MS });
  const lines = [];
  let verdict;
  for await (const line of createInterface({ input: qemu.stdout })) {
    const [, said] = /^cgroup2: (.*?)\r?$/.exec(line) ?? [];
    if (said !== undefined) process.stdout.write(`${said}\n`);
    if (said?.startsWith('verdict: ')) verdict = said;
    lines.push(line);
  }
  return { lines, verdict };
}

const folder = mkdtempSync(join(tmpdir(), 'ostler-cgroup-v2-'));
try {
  checkMachine();
  const kernel = fetchKernel(folder);
  const { lines, verdict } = await boot(kernel, buildInitramfs(folder));
  const passed = verdict === 'verdict: passed';
  if (!passed) process.stderr.write(`what the machine's console said:\n${lines.join('\n')}\n`);
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  process.stderr.write(`test:cgroup2: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
