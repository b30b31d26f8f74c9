import { UsageError } from '../usage-error.js';

/** When failures end the whole: never; after so many without new items (soon), or with what runs killed (now). */
export interface Halting {
  readonly when: 'never' | 'soon' | 'now';
  readonly failures: number;
}

/** "never", "soon", "now,fail=3" */
export function parseHalting(text: string): Halting {
  const [, when, count] = /^(never|soon|now)(?:,fail=([1-9]\d*))?$/.exec(text) ?? [];
  const fits = when !== undefined && !(when === 'never' && count !== undefined);
  if (!fits)
    throw new UsageError(`--halt should be never, soon or now, with ',fail=N' behind the last two, got '${text}'`);
  return { when: when as Halting['when'], failures: Number(count ?? 1) };
}
