import type { LiveTask } from './live-task.js';
import { taskContext } from './task-context.js';

/**
 * Tells what will end the process, and in which task's name it was done: an exception, or a call of process.exit() that a
 * task left behind. Node then prints and exits as always; of an exception that the program itself catches nothing is said.
 */
export function onFatalError(say: (task: LiveTask | undefined, error: unknown) => void): void {
  let said = false;
  process.on('uncaughtExceptionMonitor', (error) => {
    const survives = process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
    if (survives || said) return;
    said = true;
    say(taskContext.getStore(), error);
  });
  process.on('exit', (code) => {
    // The context is that of whoever called process.exit(). A task that runs has nothing to say of that: it dies of itself.
    const task = taskContext.getStore();
    if (task?.done && !said) say(task, new ProcessExit(`process.exit(${code})`));
  });
}

/** The end of a process by its own code. */
class ProcessExit extends Error {
  override name = 'ProcessExit';
}
