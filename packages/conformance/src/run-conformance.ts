import type { Hello } from '@ostler/protocol';
import type { Check } from './check.js';
import { CHECKS } from './checks/index.js';
import { type LaunchOptions, TRANSPORTS, type Transport } from './launch.js';
import { RawParent } from './raw-parent.js';
import { Stage } from './stage.js';
import { Violation } from './violation.js';
import { WarmWorkers } from './warm-workers.js';

export type Command = readonly [file: string, ...args: string[]];

export interface ConformanceOptions {
  /** Added to the worker's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names of checks, or the beginnings of names; all by default. */
  readonly only?: readonly string[];
  /** Checks that are left out, by their names, each with the reason, which its result tells; none by default. */
  readonly except?: Readonly<Record<string, string>>;
  /** All by default. */
  readonly transports?: readonly Transport[];
  /** Milliseconds after which something that should happen counts as not happening; 10,000. */
  readonly timeout?: number;
  /** Checks that are played at the same time, each with workers of its own; 2. At most 4: each may wait in a system call. */
  readonly parallel?: number;
  /** Called after each check. */
  readonly onResult?: (result: CheckResult) => void;
}

export interface CheckResult {
  readonly check: string;
  readonly rule: string;
  readonly transport: Transport;
  readonly status: 'ok' | 'failed' | 'not-applicable';
  /** What the worker chose where the rule leaves a choice, or why the rule does not apply. */
  readonly note?: string;
  readonly expected?: string;
  readonly got?: string;
  /** Of a failed check: the last bytes on the channel, in hex. */
  readonly bytes?: string;
}

export interface ConformanceReport {
  readonly command: Command;
  /** What the worker says of itself; absent if it never said HELLO. */
  readonly hello?: Hello;
  readonly results: readonly CheckResult[];
  readonly failed: number;
}

/** Plays every rule of the protocol against workers of this command; never rejects because of what the worker does. */
export async function runConformance(command: Command, options: ConformanceOptions = {}): Promise<ConformanceReport> {
  const { env = {}, transports = TRANSPORTS, timeout = 10_000, parallel = 2, onResult, except = {} } = options;
  const checks = CHECKS.filter(({ name }) => options.only?.some((start) => name.startsWith(start)) ?? true);
  if (checks.length === 0) throw new RangeError(`no check is named ${options.only?.join(' or ')}`);
  const results: CheckResult[] = [];
  let hello: Hello | undefined;
  for (const transport of transports) {
    const launch = { command, env, transport, timeout };
    const introduction = await introduce(launch);
    if (introduction instanceof Violation) {
      results.push(report(HELLO_CHECK, transport, failure(introduction)));
      onResult?.(results.at(-1) as CheckResult);
      continue;
    }
    hello = introduction.hello;
    const { hello: said } = introduction;
    const warm = new WarmWorkers();
    const judge = async (check: Check) => {
      const why = except[check.name] ?? whyNot(check, transport, introduction);
      const outcome: Outcome = why
        ? { status: 'not-applicable', note: why }
        : await playTwice(check, (workers) => new Stage(launch, said, workers), warm);
      const result = report(check, transport, outcome);
      onResult?.(result);
      return result;
    };
    results.push(...(await inParallel(checks, parallel, judge)));
    await warm.clear();
  }
  const failed = results.filter(({ status }) => status === 'failed').length;
  return { command, ...(hello && { hello }), results, failed };
}

const HELLO_CHECK = { name: 'hello', rule: 'A worker says HELLO' };

type Outcome = Pick<CheckResult, 'status' | 'note' | 'expected' | 'got' | 'bytes'>;

interface Introduction {
  readonly hello: Hello;
  readonly isPrivate: boolean;
}

/** Starts the worker once, to learn what it can do. */
async function introduce(launch: LaunchOptions): Promise<Introduction | Violation> {
  const parent = new RawParent(launch);
  try {
    return { hello: await parent.hello(), isPrivate: parent.isPrivate };
  } catch (error) {
    return toViolation(error);
  } finally {
    await parent.destroy();
  }
}

function whyNot(check: Check, transport: Transport, { hello, isPrivate }: Introduction): string | undefined {
  if (check.transports !== undefined && !check.transports.includes(transport)) return 'another transport';
  if (transport !== 'stdio' && !isPrivate) return 'does not take the private channel';
  if (transport === 'ledger' && !hello.capabilities.includes('ledger')) return 'cannot "ledger"';
  const missing = check.needs?.find((capability) => !hello.capabilities.includes(capability));
  if (missing !== undefined) return `cannot "${missing}"`;
  const { handler } = check;
  if (handler !== undefined && !hello.handlers?.some(({ name }) => name === handler)) return `no handler "${handler}"`;
  return undefined;
}

/** A check that fails with a worker that has served others is played again with one of its own, which decides. */
async function playTwice(check: Check, stageWith: (warm?: WarmWorkers) => Stage, warm: WarmWorkers): Promise<Outcome> {
  const stage = stageWith(warm);
  const outcome = await play(check, stage);
  return outcome.status === 'failed' && stage.usedWarm ? play(check, stageWith()) : outcome;
}

async function play(check: Check, stage: Stage): Promise<Outcome> {
  try {
    const note = await check.run(stage);
    stage.checkInvariants();
    return { status: 'ok', ...(note !== undefined && { note }) };
  } catch (error) {
    return { ...failure(toViolation(error)), bytes: stage.lastBytes() };
  } finally {
    await stage.clear();
  }
}

/** Results in the order of the items. */
async function inParallel<T, R>(items: readonly T[], width: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  const runner = async () => {
    for (const [index, item] of rest) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: width }, runner));
  return results;
}

function failure({ expected, got }: Violation): Outcome {
  return { status: 'failed', expected, got };
}

/** What a decoder of the protocol says of the worker's bytes is a violation as well. */
function toViolation(error: unknown): Violation {
  if (error instanceof Violation) return error;
  return new Violation(
    'a conversation by the rules',
    error instanceof Error ? `${error.name}: ${error.message}` : `${error}`,
  );
}

function report({ name, rule }: Pick<Check, 'name' | 'rule'>, transport: Transport, outcome: Outcome): CheckResult {
  return { check: name, rule, transport, ...outcome };
}
