import type { Point } from '../../libs/face/src/detection/landmarks.js';
import type { RgbImage } from '../../libs/face/src/image/rgb-image.js';

/** Semi-axes of a generic head, in millimetres: half its width, half its height, and its depth in front of the ears. */
const HEAD = { x: 78, y: 115, z: 95 };

/** A generic nose: how far it stands out at its tip, its half width, and where it begins, has its tip and ends. */
const NOSE = { depth: 24, width: 9, top: -32, tip: 4, bottom: 15 };

/** Distances of a generic face between the eyes, and from them to the mouth. */
const EYES_APART = 63;
const EYES_TO_MOUTH = 70;

/** Steps along a line of the head, in millimetres. */
const STEP = 0.2;

/** Where a face lies in an image, in pixels. */
export interface FacePoints {
  readonly leftEye: Point;
  readonly rightEye: Point;
  /** The middle of the mouth. */
  readonly mouth: Point;
}

/**
 * An image with the head turned: the face is painted on an ellipsoid with a nose, which is turned and projected without
 * perspective. Only roughly true to life, and less so beyond 40°: what was hidden stays unseen.
 *
 * @param axis `yaw`: to the viewer's right; `pitch`: down
 * @param degrees how far
 */
export function turnHead(image: RgbImage, face: FacePoints, axis: 'yaw' | 'pitch', degrees: number): RgbImage {
  const { leftEye, rightEye, mouth } = face;
  const eyes: Point = [(leftEye[0] + rightEye[0]) / 2, (leftEye[1] + rightEye[1]) / 2];
  const apart = Math.hypot(rightEye[0] - leftEye[0], rightEye[1] - leftEye[1]) / EYES_APART;
  const millimetre = (apart + Math.hypot(mouth[0] - eyes[0], mouth[1] - eyes[1]) / EYES_TO_MOUTH) / 2;
  const centre: Point = [(eyes[0] + mouth[0]) / 2, (eyes[1] + mouth[1]) / 2];
  const isYaw = axis === 'yaw';
  // Pixels move along one axis of the image, line by line of the other.
  const [length, lines] = isYaw ? [image.width, image.height] : [image.height, image.width];
  const [alongCentre, acrossCentre] = isYaw ? centre : [centre[1], centre[0]];
  const reach = isYaw ? HEAD.x : HEAD.y;
  const angle = (degrees * Math.PI) / 180;
  const pixels = Uint8Array.from(image.pixels);
  for (let line = 0; line < lines; line++) {
    const across = (line + 0.5 - acrossCentre) / millimetre;
    const depthAt = (along: number): number => (isYaw ? depth(along, across) : depth(across, along));
    const nearest = new Float64Array(length).fill(-Infinity);
    const from = new Float64Array(length);
    let last: number | undefined;
    for (let along = -reach; along <= reach; along += STEP) {
      const z = depthAt(along);
      if (z <= 0) continue;
      const to = (along * Math.cos(angle) + z * Math.sin(angle)) * millimetre + alongCentre;
      const near = z * Math.cos(angle) - along * Math.sin(angle);
      const end = Math.floor(to);
      // Surfaces that face away run backwards.
      const start = Math.min(end, Math.floor(last ?? to));
      last = to;
      for (let at = Math.max(0, start); at <= Math.min(length - 1, end); at++) {
        if (near <= nearest[at]) continue;
        nearest[at] = near;
        from[at] = along * millimetre + alongCentre;
      }
    }
    for (let at = 0; at < length; at++) {
      if (nearest[at] > -Infinity) copyPixel(image, pixels, isYaw, line, from[at] - 0.5, at);
    }
  }
  return { ...image, pixels };
}

/** How far the head stands out towards the viewer, in millimetres; 0 beside it. */
function depth(x: number, y: number): number {
  const rest = 1 - (x / HEAD.x) ** 2 - (y / HEAD.y) ** 2;
  if (rest <= 0) return 0;
  const rise = Math.min((y - NOSE.top) / (NOSE.tip - NOSE.top), (NOSE.bottom - y) / (NOSE.bottom - NOSE.tip));
  const nose = NOSE.depth * Math.max(0, rise) * Math.exp(-((x / NOSE.width) ** 2) / 2);
  return HEAD.z * Math.sqrt(rest) + nose;
}

/** Copies a pixel along a line, interpolated. */
function copyPixel(image: RgbImage, to: Uint8Array, isRow: boolean, line: number, from: number, at: number): void {
  const length = isRow ? image.width : image.height;
  const index = (along: number): number => 3 * (isRow ? line * image.width + along : along * image.width + line);
  const clamped = Math.min(Math.max(from, 0), length - 1);
  const first = Math.floor(clamped);
  const second = Math.min(first + 1, length - 1);
  const share = clamped - first;
  for (let channel = 0; channel < 3; channel++) {
    const [a, b] = [image.pixels[index(first) + channel], image.pixels[index(second) + channel]];
    to[index(at) + channel] = Math.round(a + share * (b - a));
  }
}
