import { expect, it, vi } from 'vitest';

// A guard would leave nothing to be noticed.
vi.hoisted(() => {
  process.env.OSTLER_NATIVE = 'off';
});

const { runCell } = await import('../../../dist/faults/run-cell.js');

it('the grid notices a process that is left', { timeout: 240_000 }, async () => {
  const setup = { language: 'node', transport: 'channel', depth: 'ahead' } as const;
  const cell = await runCell({ name: 'grandchild', handler: 'spawn-grandchild', end: 'ok' }, setup);
  expect(cell).toMatchObject({ bad: 'ok', left: 1 });
});
