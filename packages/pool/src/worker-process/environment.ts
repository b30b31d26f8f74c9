import type { WorkerOptions } from './worker-options.js';

/** What is offered to a worker beside stdin and stdout. */
export interface Offer {
  channel: boolean;
  ledger: boolean;
  /** The addon by which a worker in Node maps the ledger. */
  addon: string | undefined;
}

/** A worker's whole environment. What we say of the channel wins over everything: a pool may itself run in a worker. */
export function workerEnvironment(
  { inheritedEnv, env, poolName }: WorkerOptions,
  { id, slot }: { id: number; slot: number },
  offer: Offer,
): Record<string, string> {
  const whole: Record<string, string> = { ...inheritedEnv };
  for (const [name, value] of Object.entries(env)) whole[name] = value.replaceAll('{slot}', String(slot));
  delete whole.OSTLER_CHANNEL;
  delete whole.OSTLER_LEDGER;
  delete whole.OSTLER_ADDON;
  if (offer.channel) whole.OSTLER_CHANNEL = '3,4';
  if (offer.ledger) whole.OSTLER_LEDGER = '5';
  if (offer.ledger && offer.addon !== undefined) whole.OSTLER_ADDON = offer.addon;
  whole.OSTLER_SLOT = String(slot);
  whole.OSTLER_WORKER_ID = String(id);
  whole.OSTLER_POOL = poolName;
  return whole;
}
