import jStat from 'jstat';

/**
 * The standard normal deviate of a share: how many standard deviations above the mean of a normal distribution this
 * share of it ends. Both axes of a DET curve are drawn on this scale.
 *
 * @param share more than 0 and less than 1
 */
export const normalDeviate = (share: number): number => jStat.normal.inv(share, 0, 1);
