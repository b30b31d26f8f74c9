import { Cron } from 'croner';
import { InvalidOptionError } from '../errors.js';
import type { Limits } from '../os/limits.js';
import type { Profile } from '../pool-options.js';
import { type Check, integer, record, text } from './checks.js';
import { type NamesOf, OptionReader } from './option-reader.js';
import { resources } from './resources.js';

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
    return { next: (time) => cron.nextRun(new Date(time))?.getTime() ?? Infinity };
  } catch (cause) {
    const expected = "a cron pattern, minute hour day month weekday, such as '0 22 * * *'";
    throw new InvalidOptionError({ option, value: pattern, cause, expected });
  }
}
