import { resolve } from 'node:path';
import type { PoolOptions, Resources, Size } from '@ostler/pool';
import { parseDuration } from '../duration.js';
import { UsageError } from '../usage-error.js';
import { type Halting, parseHalting } from './halting.js';
import type { OutputOptions } from './map-output.js';

/** The flags of `ostler map`, as they were typed. */
export interface MapFlags {
  readonly jobs?: string;
  readonly worker?: string;
  readonly timeout?: string;
  readonly retries?: string;
  readonly unordered?: boolean;
  readonly tag?: boolean;
  readonly delay?: string;
  readonly dryRun?: boolean;
  readonly halt: string;
  readonly onFail: string;
  readonly protocol: string;
  readonly memory?: string;
  readonly cpuRate?: string;
  readonly cpus?: string;
  readonly priority?: string;
  readonly results?: string;
  readonly resume?: boolean;
  readonly resumeFailed?: boolean;
  readonly joblog?: string;
  readonly input?: string;
  readonly null?: boolean;
  readonly files?: boolean;
}

/** What a command line of `ostler map` asks for. */
export interface MapPlan {
  readonly pool: PoolOptions;
  /** What is run, as a command line would say it. */
  readonly command: readonly [string, ...string[]];
  /** Undefined: they come from stdin, or from the file `input`. */
  readonly words: readonly string[] | undefined;
  readonly input: string | undefined;
  readonly nul: boolean;
  readonly files: boolean;
  readonly ordered: boolean;
  readonly output: OutputOptions;
  /** Milliseconds between two starts. */
  readonly delay: number;
  readonly dryRun: boolean;
  readonly halting: Halting;
  readonly results: string | undefined;
  readonly resume: 'no' | 'all-done' | 'only-failed';
  readonly jobLog: string | undefined;
}

const RETRIED = ['crash', 'timeout', 'failure', 'memory'] as const;
const PROTOCOLS = ['frames', 'lines', 'exec'] as const;

/** Understands the flags; a UsageError for the first that is wrong. The pool checks what goes to it as it is. */
export function planMap(operands: readonly string[], flags: MapFlags): MapPlan {
  const end = operands.indexOf(':::');
  const program = programOf(end < 0 ? operands : operands.slice(0, end), flags.worker);
  if (end >= 0 && flags.input !== undefined)
    throw new UsageError('inputs come either from --input or behind :::, not from both');
  refuseResumeWithoutResults(flags);
  return {
    pool: { ...program.options, ...poolOptions(flags) },
    command: program.shown,
    words: end < 0 ? undefined : operands.slice(end + 1),
    input: flags.input,
    nul: flags.null === true,
    files: flags.files === true,
    ordered: flags.unordered !== true,
    output: { tag: flags.tag === true, onFail: oneOf(flags.onFail, ['empty', 'skip'] as const, '--on-fail') },
    delay: flags.delay === undefined ? 0 : parseDuration(flags.delay, '--delay'),
    dryRun: flags.dryRun === true,
    halting: parseHalting(flags.halt),
    results: flags.results,
    resume: flags.resumeFailed ? 'only-failed' : flags.resume ? 'all-done' : 'no',
    jobLog: flags.joblog,
  };
}

interface Program {
  readonly options: Pick<PoolOptions, 'command' | 'worker'>;
  readonly shown: MapPlan['command'];
}

/** Either a command, or a module for Node whose exports are the handlers. */
function programOf([file, ...args]: readonly string[], worker: string | undefined): Program {
  if (worker !== undefined) {
    if (file !== undefined) throw new UsageError(`either --worker or a command, not both: got '${file}' as well`);
    return { options: { worker: resolve(worker) }, shown: ['node', worker] };
  }
  if (file === undefined) {
    const usage = 'ostler map [FLAGS] -- CMD… [::: INPUT…], or with --worker FILE instead of CMD';
    throw new UsageError(`no command given: ${usage}`);
  }
  return { options: { command: [file, ...args] }, shown: [file, ...args] };
}

function poolOptions(flags: MapFlags): PoolOptions {
  const { jobs, timeout, retries } = flags;
  const resources = resourcesOf(flags);
  return {
    protocol: oneOf(flags.protocol, PROTOCOLS, '--protocol'),
    ...(jobs !== undefined && { maxWorkers: wholeNumber(jobs, '-j', 1) }),
    ...(timeout !== undefined && { taskTimeout: parseDuration(timeout, '--timeout') }),
    ...(retries !== undefined && { retries: { attempts: wholeNumber(retries, '--retries', 0), on: RETRIED } }),
    ...(Object.keys(resources).length > 0 && { resources }),
  };
}

function resourcesOf({ memory, cpuRate, cpus, priority }: MapFlags): Resources {
  return {
    ...(memory !== undefined && { memory: memory as Size }),
    ...(cpuRate !== undefined && { cpuRate: Number(cpuRate) }),
    ...(cpus !== undefined && { cpus: cpuList(cpus) }),
    ...(priority !== undefined && { priority: priority as NonNullable<Resources['priority']> }),
  };
}

/** "0,2-4" */
function cpuList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    const from = Number(first);
    const to = Number(last ?? first);
    if (!(from <= to && to - from < 4096)) throw new UsageError(`--cpus should be a list like 0,2-4, got '${text}'`);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function wholeNumber(text: string, flag: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(`${flag} should be a whole number >= ${least}, got '${text}'`);
}

function oneOf<T extends string>(text: string, known: readonly T[], flag: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new UsageError(`${flag} should be ${known.join(' or ')}, got '${text}'`);
  return found;
}

function refuseResumeWithoutResults({ resume, resumeFailed, results }: MapFlags): void {
  if ((!resume && !resumeFailed) || results !== undefined) return;
  throw new UsageError(
    `${resume ? '--resume' : '--resume-failed'} needs --results FILE, where the earlier run wrote what it did`,
  );
}
