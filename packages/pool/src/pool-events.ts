import type { RetireReason } from './core/index.js';
import type { OstlerError } from './errors.js';
import type { Exit } from './exit.js';

export type { RetireReason } from './core/index.js';
export type { Exit } from './exit.js';

/** What a pool tells; the same objects go out on `node:diagnostics_channel` as `ostler:<event>`. */
export interface PoolEvents {
  'worker-start': [{ workerId: number; pid: number }];
  'worker-ready': [{ workerId: number; pid: number; startupMs: number }];
  'worker-exit': [{ workerId: number; exit: Exit; reason: RetireReason | 'crash' }];
  log: [{ workerId: number; taskId: number | null; source: 'stdout' | 'stderr' | 'log'; level: string; line: string }];
  warning: [OstlerError];
  /** The queue has room again after a QueueFullError. */
  drain: [];
}
