import { CORE_MUTANTS } from './core-mutants.js';
import type { MutantGroup } from './mutant.js';
import { SHELL_MUTANTS } from './shell-mutants.js';
import { TENANT_MUTANTS } from './tenant-mutants.js';

/** Every planted bug, with what must find it. */
export const MUTANT_GROUPS: readonly MutantGroup[] = [
  { name: 'core', mutants: CORE_MUTANTS, checker: new URL('./check-core.js', import.meta.url) },
  { name: 'tenants', mutants: TENANT_MUTANTS, checker: new URL('./check-core.js', import.meta.url) },
  { name: 'shell', mutants: SHELL_MUTANTS, checker: new URL('./check-shell.js', import.meta.url) },
];
