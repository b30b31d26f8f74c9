export { formatReport } from './format-report.js';
export { TRANSPORTS, type Transport } from './launch.js';
export { type PlainConformanceOptions, runPlainConformance } from './plain/run-plain-conformance.js';
export {
  type CheckResult,
  type Command,
  type ConformanceOptions,
  type ConformanceReport,
  runConformance,
} from './run-conformance.js';
