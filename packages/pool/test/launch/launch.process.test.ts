import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ResolvedOptions } from '../../dist/options/resolved-options.js';

const OPTIONS_MODULE = new URL('../../dist/options/resolve-options.js', import.meta.url).href;
const MAGIC = Buffer.from([0xf8, 0x4f, 0x53, 0x54]);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostler-launch-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What a parent that was started with such flags starts its workers with. */
function launchOf(options: string, flags: string[], env: Record<string, string>): ResolvedOptions['worker'] {
  const code = `
    const { resolveOptions } = await import(${JSON.stringify(OPTIONS_MODULE)});
    process.stdout.write(JSON.stringify(resolveOptions(${options}).worker));`;
  const args = [...flags, '--input-type=module', '-e', code];
  const parent = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  if (parent.status !== 0) throw new Error(parent.stderr);
  return JSON.parse(parent.stdout);
}

describe('a parent that evaluates code under a debugger', () => {
  test('starts workers that say HELLO, without its debugger and its code', () => {
    const file = join(folder, 'worker.js');
    writeFileSync(file, 'export default (input) => input;\n');
    const options = `{ worker: ${JSON.stringify(pathToFileURL(file).href)} }`;
    const flags = ['--inspect=127.0.0.1:0', '--expose-gc'];
    const { command, inheritedEnv } = launchOf(options, flags, { NODE_OPTIONS: '--inspect-port=0 --no-warnings' });
    const [program, ...args] = command;
    const worker = spawnSync(program, args, { input: '', env: inheritedEnv });
    expect(worker.stdout.subarray(0, 4)).toEqual(MAGIC);
    expect(worker.stderr.toString()).not.toMatch(/debugger/i);
    expect(inheritedEnv.NODE_OPTIONS).toBe('--no-warnings');
    expect(args.slice(0, 2)).toEqual(['--expose-gc', '--enable-source-maps']);
  });
});
