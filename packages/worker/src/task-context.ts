import { AsyncLocalStorage } from 'node:async_hooks';
import type { LiveTask } from './live-task.js';

/**
 * The task in whose name code runs: in its handler, and in every callback and continuation that the handler left behind,
 * however late. Entered for sync handlers too (20 ns), or else a timer that one of them set could not be told from another's.
 */
export const taskContext = new AsyncLocalStorage<LiveTask>();
