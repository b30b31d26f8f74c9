import { describe, expect, test } from 'vitest';
import { resolveOptions } from '../src/options/resolve-options.js';
import type { OperatingSystem } from '../src/os/operating-system.js';
import type { Profile } from '../src/pool-options.js';
import { ProfileSchedule } from '../src/profile-schedule.js';

const HOUR = 3_600_000;

/** A machine whose clocks are set by hand. */
class Clocks {
  wall: number;
  monotonic = 5;

  constructor(time: string) {
    this.wall = Date.parse(time);
  }

  pass(milliseconds: number): void {
    this.wall += milliseconds;
    this.monotonic += milliseconds;
  }

  get os(): OperatingSystem {
    return { now: () => this.monotonic, wallTime: () => this.wall } as unknown as OperatingSystem;
  }
}

function scheduleOf(profiles: Record<string, Profile>, clocks: Clocks) {
  const due: string[] = [];
  const resolved = resolveOptions({ command: ['./w'], profiles }).profiles;
  const schedules = Array.from(resolved, ([name, { schedule }]) => [name, schedule] as [string, typeof schedule]);
  const schedule = new ProfileSchedule(clocks.os, schedules, (name) => due.push(name));
  /** Lets the pool's timer come so long. */
  const run = (milliseconds: number) => {
    const end = clocks.monotonic + milliseconds;
    while (schedule.nextDeadline <= end) {
      clocks.pass(Math.max(0, schedule.nextDeadline - clocks.monotonic));
      schedule.deadlineReached(clocks.monotonic);
    }
    clocks.pass(end - clocks.monotonic);
  };
  return { schedule, due, run };
}

const NIGHT = { schedule: '0 22 * * *', timeZone: 'Asia/Taipei' };
const DAY = { schedule: '0 6 * * *', timeZone: 'Asia/Taipei' };

describe('a schedule of profiles', () => {
  test('applies each at its time, in its time zone', () => {
    // 21:00 in Taipei.
    const { due, run } = scheduleOf({ night: NIGHT, day: DAY, other: {} }, new Clocks('2026-01-01T13:00:00Z'));
    run(HOUR - 1);
    expect(due).toEqual([]);
    run(1);
    expect(due).toEqual(['night']);
    run(24 * HOUR);
    expect(due).toEqual(['night', 'day', 'night']);
  });

  test('notices within a minute that the clock was set', () => {
    const clocks = new Clocks('2026-01-01T13:00:00Z');
    const { due, run } = scheduleOf({ night: NIGHT }, clocks);
    clocks.wall += 2 * HOUR;
    run(60_000);
    expect(due).toEqual(['night']);
  });

  test('applies the last of those that were due while the machine slept', () => {
    const clocks = new Clocks('2026-01-01T13:00:00Z');
    const { due, run } = scheduleOf({ night: NIGHT, day: DAY }, clocks);
    clocks.wall += 12 * HOUR;
    run(60_000);
    expect(due).toEqual(['day']);
  });

  test('has the right one in force at the start, as soon as there are two', () => {
    const at = (time: string, profiles: Record<string, Profile>) =>
      scheduleOf(profiles, new Clocks(time)).schedule.atStart;
    expect(at('2026-01-01T15:00:00Z', { night: NIGHT, day: DAY })).toBe('night');
    expect(at('2026-01-01T04:00:00Z', { night: NIGHT, day: DAY })).toBe('day');
    expect(at('2026-01-01T15:00:00Z', { night: NIGHT })).toBeUndefined();
  });

  test('of a day that never comes asks for no timer', () => {
    const { schedule } = scheduleOf({ never: { schedule: '0 0 30 2 *' } }, new Clocks('2026-01-01T00:00:00Z'));
    expect(schedule.nextDeadline).toBe(Infinity);
  });
});
