import { describe, expect, it } from 'vitest';
import type { LandmarkName, Landmarks, Point } from '../detection/landmarks.js';
import { DETECTOR_NAMES, DETECTORS } from '../detection/detectors.js';
import { estimatePose, GENERIC_FACE, type Pose } from './pose.js';

const radians = (angle: number): number => (angle * Math.PI) / 180;

/** The generic face's landmarks after it nodded, shook its head and tilted it, seen from far away. */
function seen(names: readonly LandmarkName[], { roll, yaw, pitch }: Pose, scale = 2.5): Landmarks {
  const turned = names.map((name): [LandmarkName, Point] => {
    const [x, y, z] = GENERIC_FACE[name];
    const [nodY, nodZ] = rotated(y, z, pitch);
    // A face that turns to the viewer's right moves what lies in front of its axis to the right.
    const [shakeX] = rotated(x, nodZ, yaw);
    const [tiltX, tiltY] = rotated(shakeX, nodY, roll);
    return [name, [300 + scale * tiltX, 200 + scale * tiltY]];
  });
  return Object.fromEntries(turned) as Landmarks;
}

function rotated(a: number, b: number, angle: number): [number, number] {
  const [cos, sin] = [Math.cos(radians(angle)), Math.sin(radians(angle))];
  return [a * cos - b * sin, a * sin + b * cos];
}

describe.each(DETECTOR_NAMES)('the pose from the landmarks of %s', (detector) => {
  const names = DETECTORS[detector].landmarks;

  it.each([
    { roll: 0, yaw: 0, pitch: 0 },
    { roll: 20, yaw: 0, pitch: 0 },
    { roll: 0, yaw: 35, pitch: 0 },
    { roll: 0, yaw: 0, pitch: -25 },
    { roll: -30, yaw: -40, pitch: 20 },
    { roll: 170, yaw: 10, pitch: 5 },
    { roll: 90, yaw: -60, pitch: 0 },
  ])('is roll $roll, yaw $yaw, pitch $pitch', (pose) => {
    for (const scale of [0.05, 1, 40]) {
      const estimated = estimatePose(seen(names, pose, scale));
      expect(estimated.roll).toBeCloseTo(pose.roll, 1);
      expect(estimated.yaw).toBeCloseTo(pose.yaw, 1);
      expect(estimated.pitch).toBeCloseTo(pose.pitch, 1);
    }
  });

  it('moves by a few degrees where a landmark is off by a twentieth of the distance between the eyes', () => {
    const landmarks = seen(names, { roll: 5, yaw: 15, pitch: 5 });
    for (const [name, [x, y]] of Object.entries(landmarks)) {
      for (const [dx, dy] of [
        [8, 0],
        [0, 8],
        [-8, 0],
        [0, -8],
      ]) {
        const { roll, yaw, pitch } = estimatePose({ ...landmarks, [name]: [x + dx, y + dy] });
        expect(Math.abs(roll - 5)).toBeLessThan(6);
        expect(Math.abs(yaw - 15)).toBeLessThan(8);
        expect(Math.abs(pitch - 5)).toBeLessThan(10);
      }
    }
  });

  it.each([
    ['on one point', (): Point => [7, 7]],
    ['on one line', (i: number): Point => [10 * i, 20 * i]],
    ['far away from one another', (i: number): Point => [(-1e6) ** (i % 2), 1e6 * i]],
  ])('is finite where the landmarks lie %s', (_, pointAt) => {
    const landmarks = Object.fromEntries(names.map((name, i) => [name, pointAt(i)])) as Landmarks;
    const { roll, yaw, pitch } = estimatePose(landmarks);
    expect(Math.abs(roll)).toBeLessThanOrEqual(180);
    expect(Math.abs(yaw)).toBeLessThanOrEqual(90);
    expect(Math.abs(pitch)).toBeLessThanOrEqual(90);
  });
});
