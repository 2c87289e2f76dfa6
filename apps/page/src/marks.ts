import type { ImageMetrics, Point } from './answers.js';
import { svg } from './dom.js';

/** Draws the box, the landmarks and the outline of the crop of a face over its photograph. */
export function drawMarks(marks: SVGElement, metrics: ImageMetrics): void {
  const { image_size, face_coordinates, landmarks, crop_corners } = metrics;
  const [x1, y1, x2, y2] = face_coordinates;
  marks.setAttribute('viewBox', `0 0 ${image_size.width} ${image_size.height}`);
  const box = { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
  // Drawn twice, so that they are seen on light and on dark photographs.
  const shapes = ['halo', 'line'].flatMap((layer) => [
    svg('polygon', { class: `crop ${layer}`, points: crop_corners.join(' ') }),
    svg('rect', { class: `box ${layer}`, ...box }),
    svg('path', { class: `points ${layer}`, d: landmarks.map(dot).join('') }),
  ]);
  marks.setAttribute('aria-label', `Box and ${landmarks.length} landmarks of the face that was compared`);
  marks.replaceChildren(...shapes);
}

/** Lines without length: their round ends have the same size however large the photograph is. */
const dot = ([x, y]: Point): string => `M${x} ${y}h0`;
