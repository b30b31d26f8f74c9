import { join } from 'node:path';
import { markInstalled, needsInstall } from './installation.mjs';
import { capture, PhaseError, ROOT, run, runQuietly } from './run.mjs';

/** What a machine without pnpm 10 gets through npx; 11 needs Node 22. */
const PINNED_PNPM = '10.34.9';

/** Sets the environment of every later child: pnpm on PATH, and no telemetry. */
export async function prepareToolchain() {
  checkNode();
  // An empty HOME would make npm and pnpm keep their caches in the current folder; without one they ask the system.
  if (process.env.HOME === '') delete process.env.HOME;
  Object.assign(process.env, {
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  });
  if (await hasPnpm()) return;
  const pinned = ['-y', '-p', `pnpm@${PINNED_PNPM}`, 'node', '-p', 'process.env.PATH'];
  const npx = await capture('npx', pinned, { shim: true }).catch(cannotRun('npx'));
  const path = npx.stdout.trim();
  if (npx.code !== 0 || path === '') throw new PhaseError(`npx could not fetch pnpm ${PINNED_PNPM}:\n${npx.all}`);
  // Turbo starts pnpm by its bare name, so it must be on PATH: npx has put its folder there.
  process.env.PATH = path;
}

/** Installs when there is no installation, or a manifest or the lockfile is younger than it. */
export async function installIfNeeded() {
  if (!needsInstall(ROOT)) return;
  process.stderr.write('ostler: installing dependencies… (the first time takes half a minute)\n');
  const frozen = process.env.CI ? '--frozen-lockfile' : '--prefer-frozen-lockfile';
  await pnpm('install', frozen, '--prefer-offline', '--config.confirmModulesPurge=false');
  markInstalled(ROOT);
}

/** Builds packages with all that they depend on, or everything; turbo's cache makes an unchanged build cheap. */
export async function build(...packageNames) {
  process.stderr.write('ostler: building…\n');
  const filters = packageNames.map((name) => `--filter=${name}...`);
  const logs = ['--output-logs=errors-only', '--ui=stream'];
  await runQuietly('the build', process.execPath, [bin('turbo/bin/turbo'), 'run', 'build', ...logs, ...filters]);
}

/** Runs turbo on this terminal and gives its exit code. A SIGINT alone would let it wait for its running tasks. */
export function turbo(args) {
  return run(process.execPath, [bin('turbo/bin/turbo'), ...args], { onInterrupt: 'SIGTERM' });
}

/** The path of a root dependency's script, to be run by `node` itself: no shell, no .cmd. */
export function bin(script) {
  return join(ROOT, 'node_modules', script);
}

async function pnpm(...args) {
  const { code, all } = await capture('pnpm', args, { shim: true });
  if (code !== 0) throw new PhaseError(`pnpm ${args[0]} failed (exit code ${code}):\n${all}`);
}

async function hasPnpm() {
  const { code, stdout } = await capture('pnpm', ['--version'], { shim: true }).catch(() => ({ code: 127 }));
  return code === 0 && stdout.startsWith('10.');
}

function cannotRun(command) {
  return (error) => {
    throw new PhaseError(`${command} cannot be run (${error.code}): npm belongs to Node; is it installed?`);
  };
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new PhaseError(`Node ${process.versions.node} is too old: 20.19 or newer is needed`);
}
