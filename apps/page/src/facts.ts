import type { ImageMetrics } from './answers.js';
import { pairTable } from './table.js';
import { minus } from './words.js';

type Fact = readonly [title: string, of: (metrics: ImageMetrics) => string];

const degrees = (angle: number): string => minus(`${Math.round(angle)}°`);

const FACTS: readonly Fact[] = [
  ['Found by', ({ detector }) => detector],
  ['Confidence', ({ confidence_score }) => confidence_score.toFixed(3)],
  ['Between the eyes', ({ quality }) => `${Math.round(quality.eye_distance)} px`],
  ['Sharpness', ({ quality }) => quality.sharpness.toFixed(2)],
  ['Brightness', ({ quality }) => quality.brightness.toFixed(2)],
  ['Tilt, turn, nod', ({ pose }) => [pose.roll, pose.yaw, pose.pitch].map(degrees).join(', ')],
];

/** Only where a photograph lies on its side. */
const ROTATION: Fact = ['Photograph turned', ({ rotation_degrees }) => `${rotation_degrees}°`];

/** What was measured of both faces. */
export function factsTable(found: readonly ImageMetrics[]): HTMLElement {
  const isTurned = found.some(({ rotation_degrees }) => rotation_degrees !== 0);
  const facts = isTurned ? [...FACTS, ROTATION] : FACTS;
  return pairTable(
    'What was measured of the faces',
    facts.map(([title, of]) => ({ title, cells: found.map((metrics) => [of(metrics)]) })),
  );
}
