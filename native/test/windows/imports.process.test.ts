import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '@ostler/native';
import { expect, it } from 'vitest';
import { importsOf } from './pe-imports.js';
import { describeWithAddon } from './support.js';

/** What every Windows has; node.exe stands for the program that loads the addon, whatever its name. */
const ALLOWED = /^(kernel32|ntdll|msvcrt|ucrtbase|api-ms-win-crt-.*)\.dll$/;

describeWithAddon('what the binaries take from other libraries', () => {
  const loaded = load() as { addonPath: string; guardPath: string };

  it('is of Windows itself, and of the program that loads the addon', () => {
    const imports = importsOf(readFileSync(loaded.addonPath));
    expect(imports).toContain('kernel32.dll');
    expect(imports.filter((name) => name !== 'node.exe' && !ALLOWED.test(name))).toEqual([]);
  });

  it('is found by the addon in a program of any name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ostler-host-'));
    const host = join(folder, 'host.exe');
    copyFileSync(process.execPath, host);
    const script = 'process.stdout.write(typeof require(process.argv[1]).cpusOf)';
    const { stdout, stderr } = spawnSync(host, ['-e', script, loaded.addonPath], { encoding: 'utf8' });
    rmSync(folder, { recursive: true, maxRetries: 5 });
    expect(stderr).toBe('');
    expect(stdout).toBe('function');
  });

  it('is of Windows itself for the guard', () => {
    const imports = importsOf(readFileSync(loaded.guardPath));
    expect(imports).toContain('kernel32.dll');
    expect(imports.filter((name) => !ALLOWED.test(name))).toEqual([]);
  });
});
