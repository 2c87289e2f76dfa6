import type { Answered } from './service.js';
import { html } from './dom.js';
import { milliseconds } from './words.js';

const STAGES: readonly (readonly [name: string, title: string])[] = [
  ['queue', 'Wait for a worker'],
  ['decode', 'Decode'],
  ['detect', 'Find the face'],
  ['crop', 'Crop and measure'],
  ['embed', 'Embed'],
];

/** A table of what each stage took for each photograph, with bars on one scale, and the times of the whole. */
export function timesTable({
  stages,
  comparison,
  roundTripMs,
}: Pick<Answered, 'stages' | 'comparison' | 'roundTripMs'>) {
  const rows = STAGES.filter(([name]) => stages.has(`${name}1`) || stages.has(`${name}2`));
  const longest = Math.max(...rows.flatMap(([name]) => [stages.get(`${name}1`) ?? 0, stages.get(`${name}2`) ?? 0]));
  const cell = (ms: number | undefined): HTMLElement =>
    ms === undefined ? html('td', {}, '–') : html('td', {}, bar(ms / longest), html('span', {}, milliseconds(ms)));
  const whole = `${milliseconds(comparison.total_processing_time_ms)} in the service, which works on both at once where it can; ${milliseconds(roundTripMs)} as seen from this browser.`;
  return html(
    'div',
    {},
    html('p', {}, whole),
    html(
      'table',
      {},
      html('caption', { class: 'unseen' }, 'Milliseconds of each stage'),
      html('thead', {}, html('tr', {}, ...['Stage', 'Photograph 1', 'Photograph 2'].map(columnName))),
      html(
        'tbody',
        {},
        ...rows.map(([name, title]) =>
          html(
            'tr',
            {},
            html('th', { scope: 'row' }, title),
            cell(stages.get(`${name}1`)),
            cell(stages.get(`${name}2`)),
          ),
        ),
      ),
    ),
  );
}

const columnName = (name: string): HTMLElement => html('th', { scope: 'col' }, name);

/** @param share of the longest, 0 to 1 */
function bar(share: number): HTMLElement {
  const element = html('span', { class: 'time-bar', 'aria-hidden': 'true' });
  element.style.setProperty('width', `${100 * share}%`);
  return element;
}
