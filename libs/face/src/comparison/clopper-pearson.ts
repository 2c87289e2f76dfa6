import jStat from 'jstat';

/** Probability that each side of a two-sided 95 % interval leaves out. */
const TAIL = 0.025;

/**
 * The exact 95 % confidence interval of a proportion (Clopper and Pearson, 1934): never narrower than it claims, but
 * only for independent trials.
 *
 * @param count successes, 0 to `trials`
 * @param trials at least 1
 * @returns both bounds, 0 to 1
 */
export function clopperPearson(count: number, trials: number): readonly [low: number, high: number] {
  const low = count === 0 ? 0 : jStat.beta.inv(TAIL, count, trials - count + 1);
  const high = count === trials ? 1 : jStat.beta.inv(1 - TAIL, count + 1, trials - count);
  return [low, high];
}
