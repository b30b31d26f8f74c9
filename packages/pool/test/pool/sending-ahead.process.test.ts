import { describe, expect, it } from 'vitest';
import { open, text } from './support.js';

describe('a task that was sent ahead of its turn', () => {
  it('runs to its end although it was asked back when it had just begun', async () => {
    const pool = open();
    for (let i = 0; i < 200; i++) await pool.run(`${i}`); // the pool learns that tasks are short
    const slow = pool.run('60', { handler: 'block' });
    const behind = Array.from({ length: 3 }, () => pool.run('20', { handler: 'pause' }));
    expect(text(await slow)).toBe('blocked');
    expect((await Promise.all(behind)).map(text)).toEqual(['paused', 'paused', 'paused']);
  });
});
