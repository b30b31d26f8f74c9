import type { Plan } from '../plan.js';
import type { Row } from '../report.js';

/** One question about speed, and how it is asked. */
export interface Suite {
  /** What is measured, what the timer encloses, and how often: the head of the table. */
  about(plan: Plan): string;
  run(plan: Plan): Promise<Row[]>;
  /** What cannot be measured on this machine, and why. */
  notMeasured?(): readonly string[];
}
