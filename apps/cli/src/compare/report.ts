import type { Comparison } from '../../../api/src/comparison/compare-photographs.js';
import type { Verdict } from '../../../api/src/inference/score-meaning.js';
import { faceWords, milliseconds } from '../face-words.js';
import type { Timed } from '../inference.js';
import { printable } from '../output.js';

type Rate = NonNullable<Verdict['falseMatchRate']>;

/** What a comparison says, for people. */
export function comparisonReport(
  { result, loadMs, workMs }: Timed<Comparison>,
  files: readonly [string, string],
): string {
  const { analyses, matches, similarity, threshold, verdict } = result;
  const [first, second] = files.map(printable);
  return [
    `${verdict.match ? 'Match' : 'No match'}: ${first} and ${second}`,
    `  similarity: ${roundedDown(similarity.cosine, threshold)} (a match from ${threshold} on)`,
    ...meaning(verdict).map((line) => `  ${line}`),
    `  ${first}: face of ${faceWords(analyses[0].face)}`,
    ...(matches ?? [{ ...result, face: analyses[1].face }]).map(
      ({ face, similarity, verdict }) =>
        `  ${second}: face of ${faceWords(face)}${matches === undefined ? '' : `; similarity ${roundedDown(similarity.cosine, threshold)}, ${verdict.match ? 'match' : 'no match'}`}`,
    ),
    `  time: ${milliseconds(workMs)}, after ${milliseconds(loadMs)} to load the models`,
  ].join('\n');
}

/** What the calibration and the review band say. */
function meaning({ falseMatchRate, decision }: Verdict): string[] {
  return [
    ...(falseMatchRate === undefined ? [] : [`false match rate: ${rateWords(falseMatchRate)}`]),
    ...(decision === undefined ? [] : [`decision: ${DECISION_WORDS[decision]}`]),
  ];
}

const DECISION_WORDS: Readonly<Record<NonNullable<Verdict['decision']>, string>> = {
  match: 'match',
  no_match: 'no match',
  review: 'review (a person should look at the photographs)',
};

const rateWords = (rate: Rate): string =>
  'below' in rate
    ? `below ${percent(rate.below)} (no pair of different people scored as high)`
    : `${percent(rate.rate)} (95 % interval ${percent(rate.low)} to ${percent(rate.high)})`;

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/**
 * Rounded down to four decimals, as a similarity just below the threshold must not look as if it reached it; in full
 * where one that has reached it would look as if it were below.
 */
function roundedDown(similarity: number, threshold: number): string {
  const rounded = Math.floor(similarity * 10_000 + 1e-6) / 10_000;
  return String(rounded >= threshold === similarity >= threshold ? rounded : similarity);
}
