import { examine } from './examination.js';
import { formatExamination } from './format-examination.js';

const CHECK_FAILED = 1;

/** Prints what works here. Exit code 1 where a part that is there does not work; what a machine lacks is no failure. */
export function doctor({ json = false }: { json?: boolean }): number {
  const found = examine();
  process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : formatExamination(found));
  return found.addon.available && found.controls.guard?.available === false ? CHECK_FAILED : 0;
}
