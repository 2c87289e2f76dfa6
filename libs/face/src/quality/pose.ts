import type { LandmarkName, Landmarks, Point } from '../detection/landmarks.js';

/** The rotation of a head, in degrees; all 0 for one that looks straight into the camera. */
export interface Pose {
  /** Towards the viewer's right shoulder, clockwise: more than 0. −180 to 180. */
  readonly roll: number;
  /** Turned to the viewer's right: more than 0. −90 to 90. */
  readonly yaw: number;
  /** Looking down: more than 0. −90 to 90. */
  readonly pitch: number;
}

type Point3 = readonly [x: number, y: number, z: number];

/**
 * A generic face in millimetres: x to the viewer's right, y down, z away from the viewer. From the vertices of
 * MediaPipe's canonical face model (Apache-2.0): the middles of the corners of each eye (33 and 133, 362 and 263), the
 * tip of the nose (1), the middle (13 and 14) and the corners (61, 291) of the mouth, and the tragions (234, 454).
 */
export const GENERIC_FACE: Readonly<Record<LandmarkName, Point3>> = {
  leftEye: [-31.5, -26.2, -34.7],
  rightEye: [31.5, -26.2, -34.7],
  nose: [0, 11.3, -74.8],
  mouth: [0, 42.7, -53.1],
  mouthLeft: [-24.6, 43.4, -42.8],
  mouthRight: [24.6, 43.4, -42.8],
  leftEar: [-76.6, -6.7, 24.4],
  rightEar: [76.6, -6.7, 24.4],
};

/** The most steps of the fit; it mostly settles after four. */
const MAX_STEPS = 10;

/** A step that moves no angle by this much, in radians, is the last. */
const SETTLED = 1e-4;

/** The most that a step changes an unknown by, so that landmarks that are no face's cannot lead it to infinity. */
const LARGEST_STEP = 1;

/** Keeps the equations solvable where the landmarks coincide. */
const DAMPING = 1e-3;

const MAX_ANGLE = Math.PI / 2;

/** Numbers of unknowns: roll, yaw, pitch, in radians, and the logarithm of the scale. */
const UNKNOWNS = 4;

/**
 * Estimates the pose of a head from the landmarks of its face: that of a generic face whose points, projected without
 * perspective, lie nearest to them (least squares, Gauss-Newton). docs/quality.md says how well.
 */
export function estimatePose(landmarks: Landmarks): Pose {
  const { model, points } = centred(landmarks);
  const { leftEye, rightEye } = landmarks;
  const scale = Math.sqrt(squares(points) / squares(model));
  if (!(scale > 0)) return { roll: 0, yaw: 0, pitch: 0 };
  const unknowns = [Math.atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0]), 0, 0, Math.log(scale)];
  for (let step = 0; step < MAX_STEPS; step++) {
    const change = gaussNewtonStep(unknowns, model, points);
    for (let i = 0; i < UNKNOWNS; i++) unknowns[i] += Math.min(Math.max(change[i], -LARGEST_STEP), LARGEST_STEP);
    unknowns[1] = Math.min(Math.max(unknowns[1], -MAX_ANGLE), MAX_ANGLE);
    unknowns[2] = Math.min(Math.max(unknowns[2], -MAX_ANGLE), MAX_ANGLE);
    if (Math.max(Math.abs(change[0]), Math.abs(change[1]), Math.abs(change[2])) < SETTLED) break;
  }
  const [roll, yaw, pitch] = unknowns;
  return { roll: degrees(Math.atan2(Math.sin(roll), Math.cos(roll))), yaw: degrees(yaw), pitch: degrees(pitch) };
}

/** The landmarks and the model's points for them, each around its mean: x, y and z, and x and y, one after another. */
function centred(landmarks: Landmarks): { readonly model: Float64Array; readonly points: Float64Array } {
  const entries = Object.entries(landmarks) as [LandmarkName, Point][];
  return {
    model: aroundMean(Float64Array.from(entries.flatMap(([name]) => GENERIC_FACE[name])), 3),
    points: aroundMean(Float64Array.from(entries.flatMap(([, point]) => point)), 2),
  };
}

function aroundMean(values: Float64Array, axes: number): Float64Array {
  const count = values.length / axes;
  for (let axis = 0; axis < axes; axis++) {
    let sum = 0;
    for (let i = axis; i < values.length; i += axes) sum += values[i];
    for (let i = axis; i < values.length; i += axes) values[i] -= sum / count;
  }
  return values;
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/**
 * The change of the unknowns that one Gauss-Newton step asks for. The model nods (pitch), shakes (yaw) and tilts (roll),
 * in that order.
 */
function gaussNewtonStep(unknowns: readonly number[], model: Float64Array, points: Float64Array): Float64Array {
  const [roll, yaw, pitch, logScale] = unknowns;
  const scale = Math.exp(logScale);
  const [cosRoll, sinRoll] = [scale * Math.cos(roll), scale * Math.sin(roll)];
  const [cosYaw, sinYaw, cosPitch, sinPitch] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  // The normal equations: a row for each unknown, and the right side at its end.
  const rows = Array.from({ length: UNKNOWNS }, () => new Float64Array(UNKNOWNS + 1));
  const slopes = new Float64Array(UNKNOWNS);
  const add = (residual: number): void => {
    for (let i = 0; i < UNKNOWNS; i++) {
      for (let j = 0; j < UNKNOWNS; j++) rows[i][j] += slopes[i] * slopes[j];
      rows[i][UNKNOWNS] += slopes[i] * residual;
    }
  };
  for (let at = 0, to = 0; at < model.length; at += 3, to += 2) {
    const nodY = model[at + 1] * cosPitch - model[at + 2] * sinPitch;
    const nodZ = model[at + 1] * sinPitch + model[at + 2] * cosPitch;
    const shakeX = model[at] * cosYaw - nodZ * sinYaw;
    const byYaw = -model[at] * sinYaw - nodZ * cosYaw;
    const byPitch = -nodY * sinYaw;
    const x = shakeX * cosRoll - nodY * sinRoll;
    const y = shakeX * sinRoll + nodY * cosRoll;
    slopes[0] = -y;
    slopes[1] = byYaw * cosRoll;
    slopes[2] = byPitch * cosRoll + nodZ * sinRoll;
    slopes[3] = x;
    add(points[to] - x);
    slopes[0] = x;
    slopes[1] = byYaw * sinRoll;
    slopes[2] = byPitch * sinRoll - nodZ * cosRoll;
    slopes[3] = y;
    add(points[to + 1] - y);
  }
  for (let i = 0; i < UNKNOWNS; i++) rows[i][i] *= 1 + DAMPING;
  return solve(rows);
}

/** Solves positive definite equations by elimination. @param rows with the right side at the end; changed */
function solve(rows: readonly Float64Array[]): Float64Array {
  const size = rows.length;
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const factor = rows[j][i] / rows[i][i];
      for (let k = i; k <= size; k++) rows[j][k] -= factor * rows[i][k];
    }
  }
  const result = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i][size];
    for (let j = i + 1; j < size; j++) rest -= rows[i][j] * result[j];
    result[i] = rest / rows[i][i];
  }
  return result;
}

const degrees = (angle: number): number => (angle * 180) / Math.PI;
