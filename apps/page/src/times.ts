import { html } from './dom.js';
import type { Answered } from './service.js';
import { pairTable } from './table.js';
import { milliseconds } from './words.js';

const STAGES: readonly (readonly [name: string, title: string])[] = [
  ['queue', 'Wait for a worker'],
  ['decode', 'Decode'],
  ['detect', 'Find the face'],
  ['crop', 'Crop and measure'],
  ['embed', 'Embed'],
];

/** What each stage took for each photograph, as bars on one scale, and what the whole took. */
export function drawTimes(into: HTMLElement, { stages, comparison, roundTripMs }: Answered): void {
  const times = STAGES.map(([name, title]) => ({ title, ms: [stages.get(`${name}1`), stages.get(`${name}2`)] }));
  const longest = Math.max(...times.flatMap(({ ms }) => ms.map((one) => one ?? 0)));
  const rows = times.map(({ title, ms }) => ({
    title,
    cells: ms.map((one) => (one === undefined ? ['–'] : [bar(one / longest), milliseconds(one)])),
  }));
  const whole = `${milliseconds(comparison.total_processing_time_ms)} in the service, ${milliseconds(roundTripMs)} as seen from this browser.`;
  into.replaceChildren(html('p', {}, whole), pairTable('Time of each stage', rows));
}

/** @param share of the longest, 0 to 1 */
function bar(share: number): HTMLElement {
  const element = html('span', { class: 'time-bar', 'aria-hidden': 'true' });
  element.style.setProperty('width', `${100 * share}%`);
  return element;
}
