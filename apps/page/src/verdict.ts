import type { Comparison } from './answers.js';
import { html } from './dom.js';
import { asShown, falseMatchRateInWords, minus, thresholdShown } from './words.js';

type Decision = NonNullable<Comparison['decision']>;

const NAMES: Readonly<Record<Decision, string>> = {
  match: 'Match',
  no_match: 'No match',
  review: 'Too close to call',
};

/** The verdict in words. */
export interface VerdictWords {
  readonly decision: Decision;
  readonly name: string;
  readonly sentence: string;
}

/** Says what a comparison found. @param band similarities that a person should look at, if the service has any */
export function verdictWords(comparison: Comparison, band?: readonly [number, number]): VerdictWords {
  const { match, decision = match ? 'match' : 'no_match', comparison_metrics: used } = comparison;
  const [similarity, threshold] = asShown(comparison.similarity, used.threshold_used);
  const reached = match ? 'reaches' : 'stays below';
  const review =
    decision === 'review' && band !== undefined
      ? ` It lies between ${minus(String(band[0]))} and ${minus(String(band[1]))}, where a person should look.`
      : '';
  const rate = used.false_match_rate === undefined ? '' : ` ${falseMatchRateInWords(used.false_match_rate)}`;
  const sentence = `The similarity of ${similarity} ${reached} the threshold of ${threshold}.${review}${rate}`;
  return { decision, name: NAMES[decision], sentence };
}

/** Draws the verdict: its name, the sentence, and the similarity on a scale with the threshold and the band. */
export function drawVerdict(into: HTMLElement, comparison: Comparison, band?: readonly [number, number]): void {
  const { decision, name, sentence } = verdictWords(comparison, band);
  const { threshold_used } = comparison.comparison_metrics;
  const [similarity] = asShown(comparison.similarity, threshold_used);
  into.dataset['decision'] = decision;
  into.replaceChildren(
    html(
      'div',
      { class: 'headline' },
      html('h2', { id: 'verdict-name' }, name),
      html('p', { class: 'score' }, similarity),
    ),
    scale(comparison.similarity, threshold_used, band),
    html('p', { class: 'sentence' }, sentence),
  );
}

/** A bar up to the similarity, with marks. Its texts are those of the sentence, so screen readers skip it. */
function scale(similarity: number, threshold: number, band?: readonly [number, number]): HTMLElement {
  // Similarities below 0 are rare; without one there, half of the scale would be empty.
  const low = Math.min(0, Math.floor(Math.min(similarity, threshold, ...(band ?? [])) * 10) / 10);
  const at = (value: number): number => ((value - low) / (1 - low)) * 100;
  const bar = html('div', { class: 'bar' }, placed('fill', { width: at(similarity) }));
  if (band !== undefined) bar.append(placed('band', { left: at(band[0]), width: at(band[1]) - at(band[0]) }));
  bar.append(placed('threshold', { left: at(threshold) }));
  const ends = html('div', { class: 'ends' }, html('span', {}, minus(String(low))), html('span', {}, '1'));
  const legend = html('div', { class: 'legend' }, html('span', {}, `threshold ${thresholdShown(threshold)}`));
  if (band !== undefined) {
    const [from, to] = band.map((value) => minus(String(value)));
    legend.append(html('span', { class: 'review' }, `review by a person, ${from} to ${to}`));
  }
  return html('div', { class: 'scale', 'aria-hidden': 'true' }, bar, ends, legend);
}

/** An element placed along the scale. @param where in percent */
function placed(name: string, where: { readonly left?: number; readonly width?: number }): HTMLElement {
  const element = html('span', { class: name });
  // Set from here, styles pass the content security policy; in an attribute they would not.
  for (const [property, percent] of Object.entries(where)) element.style.setProperty(property, `${percent}%`);
  return element;
}
