import { describe, expect, test } from 'vitest';
import { DEFAULT_TUNING } from '../../src/core/options.js';
import { ServiceTime } from '../../src/core/service-time.js';
import { Worker } from '../../src/core/worker.js';

/** Feeds reads of `count` replies each; every one comes `elapsed` milliseconds after the one before. */
function observe(service: ServiceTime, reads: readonly { elapsed: number; count: number }[], bytes = 0): void {
  const worker = new Worker(1, 0, 0);
  let now = 1;
  for (const { elapsed, count } of [...reads, { elapsed: 1, count: 1 }]) {
    const startedAt = now;
    now += elapsed;
    for (let i = 0; i < count; i++) service.reply(worker, { bytes, startedAt, now });
  }
}

function repeated<T>(times: number, pattern: readonly T[]): T[] {
  return Array.from({ length: times }, () => pattern).flat();
}

describe('the number of tasks that a worker may hold', () => {
  test('is one until a service time is known', () => {
    expect(new ServiceTime(DEFAULT_TUNING).depth).toBe(1);
  });

  test('is what begins within the committed time', () => {
    const service = new ServiceTime(DEFAULT_TUNING);
    observe(service, repeated(100, [{ elapsed: 0.25, count: 1 }]));
    expect(service.depth).toBe(4);
  });

  test('is one where a task takes longer than that, and where one in ten does', () => {
    const slow = new ServiceTime(DEFAULT_TUNING);
    observe(slow, repeated(20, [{ elapsed: 3, count: 1 }]));
    expect(slow.depth).toBe(1);
    const mixed = new ServiceTime(DEFAULT_TUNING);
    observe(mixed, repeated(20, [...repeated(9, [{ elapsed: 0.01, count: 1 }]), { elapsed: 50, count: 1 }]));
    expect(mixed.depth).toBe(1);
  });

  test.each([1, 20])('stays large where a busy machine delays four reads of %i in ten', (count) => {
    const service = new ServiceTime(DEFAULT_TUNING);
    const reads = [...repeated(3, [{ elapsed: 0.04, count }]), ...repeated(2, [{ elapsed: 8, count }])];
    observe(service, repeated(100, reads));
    expect(service.depth).toBeGreaterThan(10);
  });

  test('lets a large body travel while the task before it runs', () => {
    const service = new ServiceTime(DEFAULT_TUNING);
    observe(service, repeated(100, [{ elapsed: 2, count: 1 }]), 1 << 20);
    expect(service.depth).toBe(2);
  });

  test('has a limit', () => {
    const service = new ServiceTime(DEFAULT_TUNING);
    observe(
      service,
      repeated(20, [
        { elapsed: 0, count: 500 },
        { elapsed: 1e-3, count: 500 },
      ]),
    );
    expect(service.depth).toBe(DEFAULT_TUNING.maxDepth);
  });
});
