import { encodeTaskMetadata, MAX_METADATA } from '@ostler/protocol';
import { InvalidOptionError } from '../errors.js';
import type { MapOptions, RunOptions } from '../run-options.js';
import { type Check, callback, flag, integer, oneOf, record, text, textRecord, time } from './checks.js';
import { type NamesOf, OptionReader, unknownOption } from './option-reader.js';
import { retries } from './retries.js';
import { refuseMinAboveMax, type WorkerCounts } from './worker-counts.js';

/** What a character takes at most in JSON; fields have a few bytes beside their text. */
const MAX_BYTES_PER_CHARACTER = 6;
const SURELY_SMALL = Math.floor(MAX_METADATA / MAX_BYTES_PER_CHARACTER) - 1_000;

/** By its look: the signal of another realm is an instance of another class. */
const signal: Check<AbortSignal> = (value, option) => {
  const looks = value as Partial<AbortSignal> | null;
  const isSignal = typeof value === 'object' && typeof looks?.aborted === 'boolean';
  if (isSignal && typeof looks?.addEventListener === 'function') return value as AbortSignal;
  throw new InvalidOptionError({ option, value, expected: 'an AbortSignal' });
};

const RUN_CHECKS: Readonly<Record<keyof RunOptions, Check<unknown>>> = {
  handler: text,
  signal,
  timeout: time,
  queueTimeout: time,
  priority: integer(-(2 ** 31), 2 ** 31 - 1),
  tenant: text,
  key: text,
  idempotencyKey: text,
  retries,
  metadata: textRecord,
  onProgress: callback,
  onCost: callback,
};

/** Checks the options of one task; InvalidOptionError for the first that is wrong. Allocates nothing for the common ones. */
export function checkRunOptions(options: RunOptions | undefined): void {
  if (options === undefined) return;
  record(options, 'options');
  for (const name in options) {
    const value = options[name as keyof RunOptions];
    if (!Object.hasOwn(RUN_CHECKS, name)) throw unknownOption(name, { prefix: '', value, known: RUN_CHECKS });
    if (value !== undefined) RUN_CHECKS[name as keyof RunOptions](value, name);
  }
  if (textLength(options) > SURELY_SMALL) refuseLargeMetadata(options);
}

/** Characters of what travels beside the body. */
function textLength({ handler, tenant, idempotencyKey, metadata }: RunOptions): number {
  let length = (handler?.length ?? 0) + (tenant?.length ?? 0) + (idempotencyKey?.length ?? 0);
  for (const name in metadata) length += name.length + (metadata[name]?.length ?? 0) + 6;
  return length;
}

function refuseLargeMetadata({ handler, tenant, idempotencyKey, metadata }: RunOptions): void {
  try {
    encodeTaskMetadata({
      ...(handler !== undefined && { handler }),
      ...(tenant !== undefined && { tenant }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      ...(metadata !== undefined && { metadata }),
      attempt: 2,
      remainingMs: 1,
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const sizes = { handler, tenant, idempotencyKey, metadata: JSON.stringify(metadata) ?? '' };
    const [option] = Object.entries(sizes).reduce((a, b) => ((b[1]?.length ?? 0) > (a[1]?.length ?? 0) ? b : a));
    const problem = `too long: handler, tenant, idempotencyKey and metadata have ${MAX_METADATA} bytes together`;
    throw new InvalidOptionError({ option, value: sizes[option as keyof typeof sizes], problem, cause });
  }
}

/** How a map sends its tasks: so many at once, in order or not. */
export interface ResolvedMapOptions {
  plan: { inFlight: number; ordered: boolean };
  onError: 'throw' | 'yield';
  /** The options of each task. */
  each: RunOptions;
}

const MAP_NAMES: NamesOf<MapOptions> = {
  ...(Object.fromEntries(Object.keys(RUN_CHECKS).map((name) => [name, true])) as NamesOf<RunOptions>),
  inFlight: true,
  ordered: true,
  onError: true,
};
const ON_ERROR = oneOf('throw', 'yield');

/** Checks the options of a map and adds the defaults. */
export function resolveMapPlan(options: MapOptions, maxWorkers: number): ResolvedMapOptions {
  const given = new OptionReader<MapOptions>(options, MAP_NAMES);
  const each = { ...options };
  delete each.inFlight;
  delete each.ordered;
  delete each.onError;
  checkRunOptions(each);
  return {
    plan: { inFlight: given.get('inFlight', integer(1), 2 * maxWorkers), ordered: given.get('ordered', flag, true) },
    onError: given.get('onError', ON_ERROR, 'throw'),
    each,
  };
}

/** The numbers of workers after a resize; what is not given stays as it is. */
export function resolveResize(size: Partial<WorkerCounts>, present: WorkerCounts): WorkerCounts {
  const given = new OptionReader<WorkerCounts>(size, { minWorkers: true, maxWorkers: true });
  const resized = {
    minWorkers: given.get('minWorkers', integer(0), present.minWorkers),
    maxWorkers: given.get('maxWorkers', integer(1), present.maxWorkers),
  };
  refuseMinAboveMax(resized);
  return resized;
}

/** Milliseconds until what is left is rejected; `Infinity` unless it is given. */
export function checkCloseOptions(options: { timeout?: number }): number {
  return new OptionReader<typeof options>(options, { timeout: true }).get('timeout', time, Infinity);
}

/** Workers above the maximum during a replacement; 0 unless it is given. */
export function checkReplaceOptions(options: { surge?: number }): number {
  return new OptionReader<typeof options>(options, { surge: true }).get('surge', integer(0), 0);
}
