import { describe, expect, it } from 'vitest';
import type { Point } from '../landmarks.js';
import { decodeDetections } from './decode.js';

const ANCHORS: readonly Point[] = [
  [0.25, 0.25],
  [0.75, 0.5],
];
const SIDE = 200;

/** Raw outputs: centre, size and six key points in pixels of the input, all relative to the anchor. */
const RAW = [10, -20, 40, 80, 0, 0, 2, 4, 6, 8, 10, 12, 14, 16, -18, -20];

const decoded = (scores: readonly number[], minScore = 0): ReturnType<typeof decodeDetections> =>
  decodeDetections(Float32Array.from([...RAW, ...RAW]), Float32Array.from(scores), ANCHORS, SIDE, minScore);

describe('decodeDetections', () => {
  it('places the box and the key points relative to their anchor', () => {
    const [first, second] = decoded([0, 0]);
    expect(first.x1).toBeCloseTo(0.25 + 10 / 200 - 20 / 200, 12);
    expect(first.y1).toBeCloseTo(0.25 - 20 / 200 - 40 / 200, 12);
    expect(first.x2).toBeCloseTo(0.25 + 10 / 200 + 20 / 200, 12);
    expect(first.y2).toBeCloseTo(0.25 - 20 / 200 + 40 / 200, 12);
    expect(first.keypoints).toHaveLength(6);
    expect(first.keypoints[0]).toEqual([0.25, 0.25]);
    expect(first.keypoints[5][0]).toBeCloseTo(0.25 - 18 / 200, 12);
    expect(first.keypoints[5][1]).toBeCloseTo(0.25 - 20 / 200, 12);
    expect(second.x1 - first.x1).toBeCloseTo(0.5, 12);
    expect(second.y1 - first.y1).toBeCloseTo(0.25, 12);
  });

  it.each([
    [0, 0.5],
    [Math.log(3), 0.75],
    [-Math.log(3), 0.25],
  ])('converts the raw score %d to the probability %d', (raw, probability) => {
    expect(decoded([raw, raw])[0].score).toBeCloseTo(probability, 6);
  });

  it('clips raw scores at ±100', () => {
    const [low, high] = decoded([-1000, 1000]);
    expect(low.score).toBeCloseTo(Math.exp(-100), 50);
    expect(low.score).toBeGreaterThan(0);
    expect(high.score).toBe(1);
  });

  it('drops scores below the minimum and keeps one that equals it', () => {
    expect(decoded([0, 3], 0.5).map(({ score }) => score > 0.9)).toEqual([false, true]);
    expect(decoded([-0.001, 3], 0.5)).toHaveLength(1);
    expect(decoded([-5, -5], 0.5)).toEqual([]);
  });
});
