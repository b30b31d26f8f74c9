import type { Finding, Mutant, MutantGroup } from './mutant.js';
import { Nursery } from './nursery.js';
import { runCheck } from './run-check.js';

/** What became of one planted bug; null where it survived. Of the code without a bug, null is what should be. */
export interface Verdict {
  readonly group: string;
  readonly mutant: Mutant | null;
  readonly finding: Finding | null;
}

/** Two checks at a time: more would only wait for a processor on a small machine. */
const AT_ONCE = 2;

/** Plants every bug of the groups and lets them be looked for, the code without a bug first; verdicts in the order in which they come. */
export async function hunt(groups: readonly MutantGroup[], report: (verdict: Verdict) => void): Promise<void> {
  const nursery = await Nursery.open();
  try {
    const work = await plantAll(nursery, groups);
    const hunter = async (): Promise<void> => {
      for (let next = work.shift(); next !== undefined; next = work.shift()) {
        const { group, mutant, folder } = next;
        report({ group: group.name, mutant, finding: await runCheck(group.checker, folder) });
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, hunter));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    await nursery.close();
  }
}

/** All at first, so that a bug whose place is gone is noticed at once. */
async function plantAll(nursery: Nursery, groups: readonly MutantGroup[]) {
  const work: { group: MutantGroup; mutant: Mutant | null; folder: URL }[] = [];
  for (const group of groups) {
    work.push({ group, mutant: null, folder: nursery.original });
    for (const mutant of group.mutants) work.push({ group, mutant, folder: await nursery.plant(mutant) });
  }
  return work;
}
