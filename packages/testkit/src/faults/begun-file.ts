import { readFileSync, writeFileSync } from 'node:fs';

/** Where workers append a line when a task begins, whichever worker it is and however it ends. */
export class BegunFile {
  constructor(readonly path: string) {
    writeFileSync(path, '');
  }

  /** How often each task has begun; those that never did are missing. */
  counts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const name of readFileSync(this.path, 'utf8').split('\n')) {
      if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }
}
