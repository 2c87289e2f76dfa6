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
 * A generic face in millimetres: x to the viewer's right, y down, z away from the viewer.
 */
const MODEL: Readonly<Record<LandmarkName, Point3>> = {
  leftEye: [-32, -35, 0],
  rightEye: [32, -35, 0],
  nose: [0, 5, -32],
  mouth: [0, 38, -8],
  mouthLeft: [-26, 38, 0],
  mouthRight: [26, 38, 0],
  leftEar: [-72, -12, 85],
  rightEar: [72, -12, 85],
};

/** Steps of the fit; it has settled after about five. */
const STEPS = 12;

/** Keeps the equations solvable where the landmarks coincide. */
const DAMPING = 1e-3;

const MAX_ANGLE = Math.PI / 2;

/**
 * Estimates the pose of a head from the landmarks of its face: that of a generic face whose points, projected without
 * perspective, lie nearest to them (least squares, Gauss-Newton).
 */
export function estimatePose(landmarks: Landmarks): Pose {
  const entries = Object.entries(landmarks) as [LandmarkName, Point][];
  const model = centred3(entries.map(([name]) => MODEL[name]));
  const points = centred2(entries.map(([, point]) => point));
  const { leftEye, rightEye } = landmarks;
  const roll = Math.atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0]);
  const scale = Math.sqrt(
    sum(points.map(([x, y]) => x * x + y * y)) / sum(model.map(([x, y, z]) => x * x + y * y + (z * z) / 2)),
  );
  if (!(scale > 0)) return { roll: 0, yaw: 0, pitch: 0 };
  // Angles in radians, and the logarithm of the scale.
  const unknowns = [roll, 0, 0, 0];
  const unit = points.map(([x, y]): Point => [x / scale, y / scale]);
  for (let step = 0; step < STEPS; step++) {
    const change = solveStep(unknowns, model, unit);
    for (const [i, value] of change.entries()) unknowns[i] += value;
    for (const i of [1, 2]) unknowns[i] = Math.min(Math.max(unknowns[i], -MAX_ANGLE), MAX_ANGLE);
  }
  return { roll: degrees(wrap(unknowns[0])), yaw: degrees(unknowns[1]), pitch: degrees(unknowns[2]) };
}

/** The Gauss-Newton step, from a Jacobian by differences. */
function solveStep(unknowns: readonly number[], model: readonly Point3[], points: readonly Point[]): number[] {
  const now = project(unknowns, model);
  const residuals = now.map((value, i) => points[i >> 1][i & 1] - value);
  const delta = 1e-5;
  const columns = unknowns.map((_, i) => {
    const moved = project(
      unknowns.map((value, j) => (i === j ? value + delta : value)),
      model,
    );
    return moved.map((value, k) => (value - now[k]) / delta);
  });
  const normal = columns.map((a, i) => columns.map((b, j) => dot(a, b) * (i === j ? 1 + DAMPING : 1)));
  return solve(
    normal,
    columns.map((column) => dot(column, residuals)),
  );
}

/** x and y of every point of the model, in turn. */
function project([roll, yaw, pitch, logScale]: readonly number[], model: readonly Point3[]): number[] {
  const scale = Math.exp(logScale);
  const [cosRoll, sinRoll] = [scale * Math.cos(roll), scale * Math.sin(roll)];
  const [cosYaw, sinYaw] = [Math.cos(yaw), Math.sin(yaw)];
  const [cosPitch, sinPitch] = [Math.cos(pitch), Math.sin(pitch)];
  return model.flatMap(([x, y, z]) => {
    // Nodding, then shaking, then tilting.
    const nodY = y * cosPitch - z * sinPitch;
    const nodZ = y * sinPitch + z * cosPitch;
    const turnX = x * cosYaw - nodZ * sinYaw;
    return [turnX * cosRoll - nodY * sinRoll, turnX * sinRoll + nodY * cosRoll];
  });
}

/** Solves symmetric positive definite equations by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const factor = rows[j][i] / rows[i][i];
      for (let k = i; k <= size; k++) rows[j][k] -= factor * rows[i][k];
    }
  }
  const result = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    const known = sum(result.map((value, j) => (j > i ? value * rows[i][j] : 0)));
    result[i] = (rows[i][size] - known) / rows[i][i];
  }
  return result;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((value, i) => value * b[i]));
const degrees = (angle: number): number => (angle * 180) / Math.PI;
const wrap = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle));

function centred3(points: readonly Point3[]): Point3[] {
  const [x, y, z] = [0, 1, 2].map((axis) => sum(points.map((point) => point[axis])) / points.length);
  return points.map((point) => [point[0] - x, point[1] - y, point[2] - z]);
}

function centred2(points: readonly Point[]): Point[] {
  const [x, y] = [0, 1].map((axis) => sum(points.map((point) => point[axis])) / points.length);
  return points.map((point) => [point[0] - x, point[1] - y]);
}
