import { expect, test } from 'vitest';
import { row } from '../src/report.js';
import { formatRows, markdownRows } from '../src/table.js';

test('numbers stand below each other, and an arrow says which way is better', () => {
  const facts = { unit: 'µs', against: 'IPC', better: 'less' } as const;
  expect(
    formatRows([
      row({ measure: 'short', ours: 1234, reference: 617, ...facts }),
      row({ measure: 'a longer one', ours: 0.5, reference: 50, ...facts, better: 'more' }),
    ]),
  ).toEqual([
    'measure        ours  reference   ratio  unit  reference is',
    '──────────────────────────────────────────────────────────',
    'short         1,234        617  ↓ 2.00  µs    IPC',
    'a longer one   0.50       50.0  ↑ 0.01  µs    IPC',
  ]);
});

test('a row stands in the README as it stands in the table', () => {
  const facts = { unit: 'tasks/s', against: 'IPC', better: 'more' } as const;
  expect(markdownRows('speed', [row({ measure: 'short', ours: 1234, reference: 617, ...facts })])).toEqual([
    '| speed | short | 1,234 | 617 | ↑ 2.00 | tasks/s | IPC |',
  ]);
});
