import { InvalidOptionError, type OstlerError } from '../errors.js';
import type { LimitName, Limits, MissingLimit } from '../os/limits.js';
import type { PoolOptions } from '../pool-options.js';
import type { OptionReader } from './option-reader.js';
import { onLimitUnavailable } from './resources.js';

/** Finds out what of the limits can't be enforced on the machine. */
export type FindMissing = (limits: Limits) => ReadonlyMap<LimitName, MissingLimit>;

/** Takes limits to what can be done about them here; InvalidOptionError where a missing one is not to be gone without. */
export class AvailableLimits {
  readonly warnings: OstlerError[] = [];
  readonly #findMissing: FindMissing;
  readonly #whatToDo: (limit: LimitName) => 'fail' | 'warn';

  constructor(options: OptionReader<PoolOptions>, findMissing: FindMissing) {
    this.#findMissing = findMissing;
    this.#whatToDo = options.get('onLimitUnavailable', onLimitUnavailable, () => 'fail' as const);
  }

  /** `option`: where they were given, as in 'resources'. */
  take(limits: Limits, option: string): Limits {
    const taken: Record<string, unknown> = { ...limits };
    for (const [name, missing] of this.#findMissing(limits)) {
      const facts = { option: `${option}.${name}`, value: limits[name] };
      if (this.#whatToDo(name) === 'fail') throw new InvalidOptionError({ ...facts, problem: refusal(name, missing) });
      this.warnings.push(new InvalidOptionError({ ...facts, problem: warning(missing) }));
      if (missing.instead === null) delete taken[name];
    }
    return taken;
  }
}

function refusal(name: LimitName, missing: MissingLimit): string {
  const without = missing.instead === null ? 'workers run without it' : missing.instead;
  const line = `onLimitUnavailable: { ${name}: 'warn' }`;
  return `${unavailable(missing)}; 'ostler doctor' shows what works here; with ${line}, ${without}`;
}

function warning(missing: MissingLimit): string {
  const instead = missing.instead === null ? 'workers run without it' : `instead, ${missing.instead}`;
  return `${unavailable(missing)}; ${instead}`;
}

function unavailable({ reason }: MissingLimit): string {
  return `cannot be enforced on this ${process.platform} machine: ${reason}`;
}
