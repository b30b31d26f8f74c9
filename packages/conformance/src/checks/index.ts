import type { Check } from '../check.js';
import { blameChecks } from './blame.js';
import { bodyChecks } from './bodies.js';
import { controlChecks } from './control.js';
import { damageChecks } from './damage.js';
import { failureChecks } from './failures.js';
import { handshakeChecks } from './handshake.js';
import { leavingChecks } from './leaving.js';
import { ledgerChecks } from './ledger.js';
import { outputChecks } from './output.js';
import { replyChecks } from './replies.js';
import { streamChecks } from './streams.js';
import { taskChecks } from './tasks.js';

/** Every rule, in the order of a worker's life. */
export const CHECKS: readonly Check[] = [
  ...handshakeChecks,
  ...taskChecks,
  ...blameChecks,
  ...replyChecks,
  ...failureChecks,
  ...streamChecks,
  ...bodyChecks,
  ...controlChecks,
  ...outputChecks,
  ...damageChecks,
  ...ledgerChecks,
  ...leavingChecks,
];
