import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MADE_BY_TOOLS = new Set(['node_modules', 'dist', '.git', '.turbo', '__pycache__']);

const files = filesUnder('').map((path) => path.replaceAll('\\', '/'));
const pages = files.filter((path) => path.endsWith('.md'));
const guides = pages.filter((path) => /^(README|CONTRIBUTING|docs\/[\w-]+)\.md$/.test(path));

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !MADE_BY_TOOLS.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    });
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The code blocks of a page in one language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(/```(\w*)\n(.*?)```/gs)]
    .filter(([, found]) => found === language)
    .map(([, , code]) => code as string);
}

/** The anchors of a page's headings, as they are made on GitHub. */
function anchors(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a relative link on a page, or undefined. */
function linkProblem(page: string, link: string): string | undefined {
  const [path, anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path as string)).replaceAll('\\', '/');
  if (!files.some((file) => file === target || file.startsWith(`${target.replace(/\/$/, '')}/`)))
    return `${link}: no such file`;
  if (anchor === undefined || anchor === '') return undefined;
  return anchors(target).includes(anchor) ? undefined : `${link}: no such heading`;
}

test.for(pages)('%s links to what exists', (page) => {
  const text = read(page).replace(/```.*?```/gs, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link as string);
  const local = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(local.map((link) => linkProblem(page, link)).filter(Boolean)).toEqual([]);
});

test.for(guides)('%s names files that exist', (page) => {
  const named = [...read(page).matchAll(/`([\w./-]*\w\.(?:ts|mjs|js|py|json))`/g)].map(([, name]) => name as string);
  const missing = named.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)));
  expect(missing).toEqual([]);
});

describe('the code on the pages', () => {
  test('README.md prints the hello example as it is', () => {
    const [worker, caller] = blocks(read('README.md'), 'js');
    expect(worker).toBe(read('examples/hello/worker.js'));
    expect(caller).toBe(read('examples/hello/main.js'));
  });

  const sections = read('docs/recipes.md').split(/^## /m).slice(1);
  const recipes = sections.flatMap((section) => {
    const example = /`(examples\/[\w/.-]+)`/.exec(section)?.[1];
    const code = blocks(section, 'js')[0];
    return example === undefined || code === undefined ? [] : [{ example, code }];
  });
  test.for(recipes)('docs/recipes.md quotes $example', ({ example, code }) => {
    expect(read(example)).toContain(code);
  });

  test('docs/recipes.md quotes at least the server and the script', () => {
    expect(recipes.length).toBeGreaterThanOrEqual(2);
  });
});
