/** What runs handlers without a process around them, where a test stands in for one. */
export { handlersOf, type ModuleWorker } from './module-handlers.js';
export { withJobs } from './queue-job.js';
export { Session, type SessionOwner } from './session.js';
export { Turn } from './turn.js';
