export { MUTANT_GROUPS } from './groups.js';
export { hunt, type Verdict } from './hunt.js';
export type { Check, Finding, Mutant, MutantGroup } from './mutant.js';
