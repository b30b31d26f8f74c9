import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { refuseBatchFile } from '../../src/launch/batch-file.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostler-batch-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function refusal(file: string, platform: NodeJS.Platform = 'win32', ...args: string[]): string {
  try {
    refuseBatchFile([file, ...args], { platform, env: { PATH: folder } });
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
}

describe('a batch file', () => {
  test.each(['tool.cmd', 'tool.CMD', 'a/b.bat', 'C:\\x\\tool.Bat', 'tool.cmd.', 'tool.bat '])(
    '%o is refused',
    (file) => {
      for (const platform of ['win32', 'linux'] as const) {
        expect(refusal(file, platform)).toBe(
          `command: '${file}' is a batch file, which only a shell can run, and there is none here; ` +
            "name the program that it starts, as in [process.execPath, 'script.js']",
        );
      }
    },
  );

  test.each(['node', 'tool.exe', 'cmd', 'a.cmd/tool', 'tool.cmdx'])('is not %o', (file) => {
    expect(refusal(file)).toBe('taken');
  });

  test.each([
    [
      'npm',
      '@ECHO off\r\nendLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & "%_prog%"  "%dp0%\\..\\tsx\\dist\\cli.mjs" %*\r\n',
      ['..', 'tsx', 'dist', 'cli.mjs'],
    ],
    [
      'pnpm',
      '@IF EXIST "%~dp0\\node.exe" (\r\n  "%~dp0\\node.exe"  "%~dp0\\..\\tsx\\dist\\cli.mjs" %*\r\n) ELSE (\r\n  node  "%~dp0\\..\\tsx\\dist\\cli.mjs" %*\r\n)\r\n',
      ['..', 'tsx', 'dist', 'cli.mjs'],
    ],
  ])('that %s has written is refused with the script that it starts', (_, text, path) => {
    const file = join(folder, 'tsx.cmd');
    writeFileSync(file, text);
    const script = JSON.stringify(join(folder, ...path));
    expect(refusal(file)).toMatch(`; name what it starts: [process.execPath, ${script}]`);
  });

  test('that starts an executable is refused with its path', () => {
    writeFileSync(join(folder, 'esbuild.cmd'), '"%~dp0\\..\\esbuild\\bin\\esbuild.exe"   %*\r\n');
    const program = JSON.stringify(join(folder, '..', 'esbuild', 'bin', 'esbuild.exe'));
    expect(refusal('esbuild.cmd')).toMatch(`; name what it starts: [${program}]`);
  });

  test('is found behind a bare name, as Windows finds it', () => {
    writeFileSync(join(folder, 'tool.cmd'), 'echo');
    expect(refusal('tool')).toMatch(`command: 'tool' (${join(folder, 'tool.cmd')}) is a batch file`);
    expect(refusal('tool', 'linux')).toBe('taken');
    writeFileSync(join(folder, 'tool.exe'), '');
    expect(refusal('tool')).toBe('taken');
  });

  test('that cannot be read is refused without more', () => {
    mkdirSync(join(folder, 'folder.cmd'));
    expect(refusal(join(folder, 'folder.cmd'))).toMatch('; name the program that it starts');
  });

  describe('npx', () => {
    const NPX = String.raw`@ECHO OFF
SET "NODE_EXE=%~dp0\node.exe"
SET "NPX_CLI_JS=%~dp0\node_modules\npm\bin\npx-cli.js"
SET "NPX_CLI_JS=%NPM_PREFIX_NPX_CLI_JS%"
"%NODE_EXE%" "%NPX_CLI_JS%" %*`;

    beforeEach(() => writeFileSync(join(folder, 'npx.cmd'), NPX));

    test('is answered with the whole command that works', () => {
      const script = JSON.stringify(join(folder, 'node_modules', 'npm', 'bin', 'npx-cli.js'));
      expect(refusal('npx', 'win32', 'not-installed', 'w.ts')).toMatch(
        `name what it starts: [process.execPath, ${script}, "not-installed", "w.ts"]`,
      );
    });

    test('of what is installed is answered with its script', () => {
      const bin = join(folder, 'node_modules', '.bin');
      mkdirSync(bin, { recursive: true });
      mkdirSync(join(folder, 'src'));
      writeFileSync(join(bin, 'tsx.cmd'), '"%~dp0\\..\\tsx\\dist\\cli.mjs" %*');
      vi.spyOn(process, 'cwd').mockReturnValue(join(folder, 'src'));
      onTestFinished(() => void vi.restoreAllMocks());
      const script = JSON.stringify(join(folder, 'node_modules', 'tsx', 'dist', 'cli.mjs'));
      expect(refusal('npx', 'win32', '--yes', 'tsx', 'w.ts')).toMatch(
        `name what it starts: [process.execPath, ${script}, "w.ts"]`,
      );
    });
  });
});
