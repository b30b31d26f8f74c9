import { expect, test } from 'vitest';
import { createStyle } from '../src/terminal/style.js';
import { workerCells } from '../src/worker-cells.js';

const plain = createStyle(false);

test('few workers are shown one by one', () => {
  const workers = [
    { pid: 12, state: 'busy' },
    { pid: 13, state: 'starting' },
  ];
  expect(workerCells(workers, plain)).toBe('● 12 busy   ◌ 13 starting');
  expect(workerCells([], plain)).toBe('no worker');
});

test('many workers are counted', () => {
  const workers = Array.from({ length: 9 }, (_, pid) => ({ pid, state: pid < 7 ? 'busy' : 'idle' }));
  expect(workerCells(workers, plain)).toBe('○ 2 idle   ● 7 busy');
});
