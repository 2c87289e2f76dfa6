import type { ImageMetrics } from './answers.js';
import { html } from './dom.js';
import { minus } from './words.js';

/** What was measured of a face, as a list of terms. */
export function factsList(metrics: ImageMetrics): HTMLElement {
  const { image_size, quality, pose, rotation_degrees } = metrics;
  const facts: [string, string][] = [
    ['Photograph', `${image_size.width} × ${image_size.height}`],
    ...(rotation_degrees === 0 ? [] : [['Turned by', `${rotation_degrees}°`] satisfies [string, string]]),
    ['Found by', metrics.detector],
    ['Confidence', metrics.confidence_score.toFixed(3)],
    ['Between the eyes', `${Math.round(quality.eye_distance)} px`],
    ['Sharpness', quality.sharpness.toFixed(2)],
    ['Brightness', quality.brightness.toFixed(2)],
    ['Tilt, turn, nod', [pose.roll, pose.yaw, pose.pitch].map((angle) => minus(`${Math.round(angle)}°`)).join(', ')],
  ];
  return html('dl', {}, ...facts.flatMap(([term, value]) => [html('dt', {}, term), html('dd', {}, value)]));
}
