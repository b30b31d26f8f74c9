import { Cron } from 'croner';
import { valueInWords } from '../errors/value-in-words.js';
import { InvalidOptionError } from '../errors.js';
import type { Limits } from '../os/limits.js';
import type { Profile } from '../pool-options.js';
import { type Check, integer, record, text } from './checks.js';
import type { AvailableLimits } from './limits.js';
import { nearestName } from './nearest-name.js';
import { type NamesOf, OptionReader } from './option-reader.js';
import { resources } from './resources.js';
import { refuseMinAboveMax, type WorkerCounts } from './worker-counts.js';

/** A profile as it was given, checked; what it does not name is undefined. */
export interface GivenProfile {
  readonly limits: Limits | undefined;
  readonly minWorkers: number | undefined;
  readonly maxWorkers: number | undefined;
  /** When it is applied by itself. */
  readonly schedule: Schedule | undefined;
}

/** Points in time, by a cron pattern. Milliseconds since 1970. */
export interface Schedule {
  /** The first one after `time`; `Infinity` where there is none. */
  next(time: number): number;
  /** The last one before it; `-Infinity` where there was none. */
  last(time: number): number;
}

/** A profile as a whole: what it does not name is as the pool's own options have it. */
export interface ResolvedProfile {
  readonly limits: Limits;
  readonly size: WorkerCounts;
  readonly schedule: Schedule | undefined;
}

const PROFILE: NamesOf<Profile> = {
  resources: true,
  minWorkers: true,
  maxWorkers: true,
  schedule: true,
  timeZone: true,
};

/** The profiles by name. */
export const profiles: Check<Map<string, GivenProfile>> = (value, option) =>
  new Map(Object.entries(record(value, option)).map(([name, given]) => [name, profile(given, `${option}.${name}`)]));

const profile: Check<GivenProfile> = (value, option) => {
  const given = new OptionReader<Profile>(value, PROFILE, option);
  return {
    limits: given.get('resources', resources, undefined),
    minWorkers: given.get('minWorkers', integer(0), undefined),
    maxWorkers: given.get('maxWorkers', integer(1), undefined),
    schedule: scheduleOf(given),
  };
};

function scheduleOf(given: OptionReader<Profile>): Schedule | undefined {
  const timeZone = given.get('timeZone', zone, undefined);
  const pattern = given.get('schedule', text, undefined);
  if (pattern !== undefined) return parseSchedule(pattern, timeZone, given.pathOf('schedule'));
  if (timeZone === undefined) return undefined;
  const problem = 'goes with a schedule, and there is none';
  throw new InvalidOptionError({ option: given.pathOf('timeZone'), value: timeZone, problem });
}

const zone: Check<string> = (value, option) => {
  const name = text(value, option);
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch (cause) {
    throw new InvalidOptionError({ option, value, cause, expected: "the name of a time zone, such as 'Asia/Taipei'" });
  }
};

function parseSchedule(pattern: string, timezone: string | undefined, option: string): Schedule {
  try {
    const cron = new Cron(pattern, { paused: true, ...(timezone !== undefined && { timezone }) });
    return {
      next: (time) => cron.nextRun(new Date(time))?.getTime() ?? Infinity,
      last: (time) => cron.previousRuns(1, new Date(time))[0]?.getTime() ?? -Infinity,
    };
  } catch (cause) {
    const expected = "a cron pattern, minute hour day month weekday, such as '0 22 * * *'";
    throw new InvalidOptionError({ option, value: pattern, cause, expected });
  }
}

/** Completes profiles by the pool's own options; InvalidOptionError where they don't go together. */
export function resolveProfiles(
  given: ReadonlyMap<string, GivenProfile>,
  own: { limits: Limits; core: WorkerCounts; available: AvailableLimits },
): Map<string, ResolvedProfile> {
  const resolved = new Map<string, ResolvedProfile>();
  for (const [name, { limits, minWorkers, maxWorkers, schedule }] of given) {
    const size = { minWorkers: minWorkers ?? own.core.minWorkers, maxWorkers: maxWorkers ?? own.core.maxWorkers };
    refuseMinAboveMax(size, `profiles.${name}.maxWorkers`);
    const taken = limits === undefined ? own.limits : own.available.take(limits, `profiles.${name}.resources`);
    resolved.set(name, { limits: taken, size, schedule });
  }
  return resolved;
}

/** The profile of that name; InvalidOptionError, with the nearest one that there is, for an unknown name. */
export function findProfile(profiles: ReadonlyMap<string, ResolvedProfile>, name: string): ResolvedProfile {
  const found = profiles.get(name);
  if (found !== undefined) return found;
  const names = [...profiles.keys()];
  const problem =
    names.length === 0
      ? 'there is no profile, as the option profiles was not given'
      : `there is no profile ${valueInWords(name)}, the nearest one is '${nearestName(String(name), names)}'`;
  throw new InvalidOptionError({ option: 'profile', value: name, problem });
}
