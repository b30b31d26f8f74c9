/**
 * Measures each contender once per round, one after the other, so that what changes on the machine meanwhile meets them
 * all; the results are in the order of the contenders, each with one value per round.
 */
export async function interleave<C, T>(
  contenders: readonly C[],
  rounds: number,
  measure: (contender: C) => Promise<T>,
): Promise<T[][]> {
  const results: T[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) results[index]?.push(await measure(contender));
  }
  return results;
}
