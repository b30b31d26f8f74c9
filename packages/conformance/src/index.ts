export { formatReport } from './format-report.js';
export { TRANSPORTS, type Transport } from './launch.js';
export { bytesTask, type Outgoing } from './messages.js';
export { type PlainConformanceOptions, runPlainConformance } from './plain/run-plain-conformance.js';
export { RawParent } from './raw-parent.js';
export { isTerminal, type ReceivedFrame } from './received-frame.js';
export {
  type CheckResult,
  type Command,
  type ConformanceOptions,
  type ConformanceReport,
  runConformance,
} from './run-conformance.js';
