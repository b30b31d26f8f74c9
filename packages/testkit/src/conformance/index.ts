export { formatReport } from './format-report.js';
export type { Transport } from './launch.js';
export {
  type CheckResult,
  type Command,
  type ConformanceOptions,
  type ConformanceReport,
  runConformance,
} from './run-conformance.js';
