import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as errors from '../../src/errors.js';

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
const headings = [...page.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading]) => heading as string);

/** As the sites that show Markdown make them. */
const anchors = headings.map((heading) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-'),
);

describe('docs/errors.md', () => {
  test.each([...errors.ERROR_CODES])(
    'has a section for %s that says what happened, what it means and what to do',
    (code) => {
      const start = page.indexOf(`\n## ${code}\n`);
      expect(start).toBeGreaterThan(0);
      const section = page.slice(start, page.indexOf('\n## ', start + 1));
      for (const part of ['**What happened.**', '**What it means.**', '**What to do.**'])
        expect(section).toContain(part);
    },
  );

  test('has no section for a code that there is not', () => {
    const codes = headings.filter((heading) => heading.startsWith('ERR_'));
    expect(codes).toEqual([...errors.ERROR_CODES]);
  });

  test('names every class in its table', () => {
    const classes = Object.keys(errors).filter((name) => /^(?!Ostler|Task)\w+Error$|^Task\w+Error$/.test(name));
    for (const name of classes) expect(page).toContain(`\`${name}\``);
  });

  test.each(['HandlerNotFoundError', 'ReplyKindError'])('explains %s, which comes from workers', (name) => {
    expect(headings).toContain(name);
  });

  test('explains the exit code 70', () => {
    expect(page).toMatch(/^\| 70 \| damaged bytes/m);
  });

  test('links to sections that are there', () => {
    for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  });
});
