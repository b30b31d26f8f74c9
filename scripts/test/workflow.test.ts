import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const workflow = readFileSync(at('.github/workflows/ci.yml'), 'utf8');
const commands = [...workflow.matchAll(/^\s*- run: (.+)$/gm)].map(([, command]) => command as string);

test('the workflow for hosted machines runs commands that there are', () => {
  const { scripts } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { scripts: Record<string, string> };
  const names = commands.flatMap((command) => /^npm (?:run )?([\w:]+)/.exec(command)?.[1] ?? []);
  expect(names).toContain('test');
  expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
  const files = commands.filter((command) => command.startsWith('.'));
  expect(files).toEqual(['.ci/run']);
  expect(files.filter((file) => !existsSync(at(file)))).toEqual([]);
});

test('the workflow tests all three systems', () => {
  expect(/^\s+os: \[(.*)\]$/m.exec(workflow)?.[1]?.split(', ')).toEqual([
    'windows-latest',
    'macos-latest',
    'ubuntu-latest',
  ]);
});
