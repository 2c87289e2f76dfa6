import { DETECTORS, type DetectorName } from '#face';
import type { DetectorReport, Report } from '../report.js';
import type { EvaluatedRates, WantedPoint } from '../statistics/evaluate.js';
import type { Rate } from '../statistics/rate.js';

/** What the printed text and the page say in the same words. */

/** A share as a percentage with three digits, such as `0.0123 %`. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

/** A rate with its interval, such as `1.2 % (0.5 % to 2.9 %)`. */
export const withInterval = ({ rate, low, high }: Rate): string =>
  `${percent(rate)} (${percent(low)} to ${percent(high)})`;

/** A number with separators between its thousands. */
export const count = (value: number): string => value.toLocaleString('en');

/** What was read. */
export const inputSummary = ({ input, people, photographs }: Report): string =>
  people === undefined
    ? input
    : `${input}: ${plural(photographs ?? 0, 'photograph', 'photographs')} of ${plural(people, 'person', 'people')}`;

const plural = (value: number, one: string, many: string): string => `${count(value)} ${value === 1 ? one : many}`;

/** Five decimals decide for the service's purposes; report.json has all. */
export const similarity = (value: number): string => value.toFixed(5);

/** The equal error rate and where it is. */
export const equalErrorRate = ({ rate, threshold }: EvaluatedRates['eer']): string =>
  `${percent(rate)} ${threshold === null ? 'above all similarities' : `at ${similarity(threshold)}`}`;

/** What a detector is called; scores alone have none. */
export const titleOf = ({ detector }: DetectorReport): string =>
  detector in DETECTORS ? DETECTORS[detector as DetectorName].title : 'Scores';

/** A false match rate as people write it. */
export const wantedRate = (rate: number): string => (rate >= 0.1 ? String(rate) : rate.toExponential());

/** Why there is no threshold for a false match rate. */
export const notEnough = ({ wanted_fmr: wanted }: WantedPoint, pairs: number): string =>
  pairs * wanted < 1
    ? `fewer than 1/FMR = ${count(Math.ceil(1 / wanted))} impostor pairs: not enough data`
    : 'too many impostor pairs share the highest similarity: not enough data';

/** The review band in a sentence. */
export function bandAdvice({ review_band: band }: EvaluatedRates): string {
  if (band === 'not enough data')
    return 'no review band: it takes a threshold for one of the false match rates, and 100 genuine pairs';
  if (band === 'unneeded') return 'no review band needed: one threshold keeps the lowest FMR and an FNMR of 1 %';
  const { low, high, genuine_share: genuine, impostor_share: impostor } = band;
  return `REVIEW_BAND=${low}..${high} leaves ${percent(genuine)} of the genuine and ${percent(impostor)} of the impostor pairs to a person`;
}

/** How many pairs there are, and of how many they were drawn. */
export function pairCounts(report: DetectorReport): string {
  const of = (pairs: number, all: number): string =>
    pairs === all ? count(pairs) : `${count(pairs)} of ${count(all)}`;
  const genuine = of(report.genuine_pairs, report.genuine_pairs_in_all);
  const impostor = of(report.impostor_pairs, report.impostor_pairs_in_all);
  const drawn =
    report.genuine_pairs < report.genuine_pairs_in_all || report.impostor_pairs < report.impostor_pairs_in_all;
  return `${genuine} genuine, ${impostor} impostor${drawn ? ', drawn at random' : ''}`;
}

/** Why there are no rates. */
export const noRates = ({ genuine_pairs: genuine }: DetectorReport): string =>
  genuine === 0 ? 'no rates: it takes two photographs of one person' : 'no rates: it takes photographs of two people';
