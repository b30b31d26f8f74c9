export type { Machine } from '../machine.js';
export type { HeldUsage, Limiter, LimitName, Limits, MissingLimit, WorkerHold } from './limits.js';
export { nodeOs } from './node-os.js';
export type {
  FileListener,
  FileWatching,
  InputStream,
  LedgerFile,
  OperatingSystem,
  OsProcess,
  OutputStream,
  ProcessInfo,
  ProcessListener,
  SpawnError,
  SpawnRequest,
  TimerHandle,
} from './operating-system.js';
