import { CORE_MUTANTS } from './core-mutants.js';
import type { MutantGroup } from './mutant.js';

/** Every planted bug, with what must find it. */
export const MUTANT_GROUPS: readonly MutantGroup[] = [
  { name: 'core', mutants: CORE_MUTANTS, checker: new URL('./check-core.js', import.meta.url) },
];
