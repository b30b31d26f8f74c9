import { InvalidOptionError } from '../errors.js';
import { type Check, record } from './checks.js';
import { nearestName } from './nearest-name.js';

/** Which options there are: the compiler sees to it that none is forgotten. */
export type NamesOf<Options> = Readonly<Record<keyof Options & string, true>>;

/** Reads options by name. An unknown name is refused at once; `undefined` stands for an option that was not given. */
export class OptionReader<Options extends object> {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #prefix: string;

  /** `path`: of these options within others, as in 'retries'; what stands at the top has none. */
  constructor(given: unknown, known: NamesOf<Options>, path = '') {
    this.#given = record(given, path === '' ? 'options' : path);
    this.#prefix = path === '' ? '' : `${path}.`;
    for (const name of Object.keys(this.#given)) {
      if (Object.hasOwn(known, name)) continue;
      throw unknownOption(name, { prefix: this.#prefix, value: this.#given[name], known });
    }
  }

  has(name: keyof Options & string): boolean {
    return this.#given[name] !== undefined;
  }

  /** As it is given, unchecked. */
  raw(name: keyof Options & string): unknown {
    return this.#given[name];
  }

  get<T, Default>(name: keyof Options & string, check: Check<T>, otherwise: Default): T | Default {
    const value = this.#given[name];
    return value === undefined ? otherwise : check(value, this.pathOf(name));
  }

  pathOf(name: string): string {
    return `${this.#prefix}${name}`;
  }
}

/** The error for a name that does not exist, with the nearest one that does; `prefix` as in 'retries.'. */
export function unknownOption(
  name: string,
  facts: { prefix: string; value: unknown; known: Readonly<Record<string, unknown>> },
): InvalidOptionError {
  const { prefix, value, known } = facts;
  const problem = `unknown option, the nearest known one is '${prefix}${nearestName(name, Object.keys(known))}'`;
  return new InvalidOptionError({ option: `${prefix}${name}`, value, problem });
}
