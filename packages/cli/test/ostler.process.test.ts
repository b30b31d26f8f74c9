import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from '@ostler/native';
import { describe, expect, it } from 'vitest';

const OSTLER = fileURLToPath(new URL('../bin/ostler.js', import.meta.url));

/** Prints every module that is loaded, on stderr. */
const LOADED_AT_EXIT = `
  import { register } from 'node:module';
  const hook = 'export async function load(url, context, next) { process._rawDebug(url); return next(url, context); }';
  register('data:text/javascript,' + encodeURIComponent(hook));
`;

function ostler(args: string[], env: Record<string, string> = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, ...env } } as const;
  return spawnSync(process.execPath, [OSTLER, ...args], options);
}

describe('ostler doctor', () => {
  it('prints a table', () => {
    const { status, stdout, stderr } = ostler(['doctor']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Ostler on \w+ \w+ .*, Node \d+/);
    expect(stdout).toMatch(/^ {2}maxProcesses +(works|missing: .+)$/m);
  });

  it('prints JSON for programs', () => {
    const found = JSON.parse(ostler(['doctor', '--json']).stdout);
    expect(found).toMatchObject({ platform: process.platform, node: process.versions.node });
    expect(found.addon.available).toBe(load().binding !== undefined);
    expect(Object.keys(found.controls)).toContain('priority below-normal');
  });

  it('says why there are no controls where the addon is off', () => {
    const { status, stdout } = ostler(['doctor'], { OSTLER_NATIVE: 'off' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}addon +absent: OSTLER_NATIVE=off is set$/m);
    expect(stdout).toMatch(/^ {2}cpus +missing: the addon is absent: OSTLER_NATIVE=off is set$/m);
  });
});

describe('ostler', () => {
  it('shows its commands', () => {
    const { status, stdout } = ostler(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('doctor');
  });

  it('tells its version', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(ostler(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it('tells the flags of a command', () => {
    const { status, stdout } = ostler(['help', 'map']);
    expect(stdout).toMatch(/^Usage: ostler map \[FLAGS\] -- CMD/);
    expect(status).toBe(0);
  });

  it('names the nearest command', () => {
    expect(ostler(['mpa']).stderr).toMatch(/unknown command 'mpa'\n\(Did you mean map\?\)/);
  });

  it('does not mind a reader that has seen enough', async () => {
    const child = spawn(process.execPath, [OSTLER, 'doctor'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toBe('');
  });

  it('loads nothing that its help does not need', () => {
    const trace = ['--import', `data:text/javascript,${encodeURIComponent(LOADED_AT_EXIT)}`];
    const { stderr } = spawnSync(process.execPath, [...trace, OSTLER, '--help'], { encoding: 'utf8' });
    expect(stderr).toMatch(/commander/);
    expect(stderr).not.toMatch(/packages[\\/]pool|native|conformance/);
  });

  it.each([['docter'], ['doctor --jsn'], ['']])('refuses %j with exit code 2', (line) => {
    const { status, stdout, stderr } = ostler(line.split(' ').filter(Boolean));
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
  });
});
