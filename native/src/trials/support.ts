import type { Support } from '../control-groups/control-group.js';

export const WORKS: Support = { available: true };

/** Why something does not work, and what would mend that where it is known. */
export function missing(reason: string, remedy?: string): Support {
  return { available: false, reason, ...(remedy !== undefined && { remedy }) };
}

/** The outcome of a trial; one that throws has shown that it does not work. */
export function attempt(trial: () => Support): Support {
  try {
    return trial();
  } catch (error) {
    return missing(error instanceof Error ? error.message : String(error));
  }
}
