import type { LiveTask } from './live-task.js';
import { taskContext } from './task-context.js';

/**
 * Tells what will end the process, and in which task's name it was thrown. Node then prints it and exits with 1 as
 * always; a program with handlers of its own for uncaught exceptions lives on, and nothing is said.
 */
export function onFatalError(say: (task: LiveTask | undefined, error: unknown) => void): void {
  process.on('uncaughtExceptionMonitor', (error) => {
    const survives = process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
    if (!survives) say(taskContext.getStore(), error);
  });
}
