/** Guards that this process has started and whose exit it has not asked for yet. */
export const guardsOfOurs = new Set<number>();
