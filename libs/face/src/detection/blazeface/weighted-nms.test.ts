import { describe, expect, it } from 'vitest';
import type { Detection } from './decode.js';
import { weightedNonMaximumSuppression } from './weighted-nms.js';

const detection = (x1: number, x2: number, score: number): Detection => ({
  x1,
  y1: 0,
  x2,
  y2: 1,
  score,
  keypoints: [[x1, 0.5]],
});

describe('weightedNonMaximumSuppression', () => {
  it('returns nothing for no detections', () => {
    expect(weightedNonMaximumSuppression([])).toEqual([]);
  });

  it('returns a lone detection unchanged', () => {
    const [only] = weightedNonMaximumSuppression([detection(0.25, 0.5, 0.5)]);
    expect(only).toEqual(detection(0.25, 0.5, 0.5));
  });

  it('averages overlapping boxes and key points weighted by score and keeps the best score', () => {
    const merged = weightedNonMaximumSuppression([detection(0.1, 0.5, 0.6), detection(0, 0.4, 0.9)]);
    expect(merged).toHaveLength(1);
    expect(merged[0].score).toBe(0.9);
    expect(merged[0].x1).toBeCloseTo((0.9 * 0 + 0.6 * 0.1) / 1.5, 12);
    expect(merged[0].x2).toBeCloseTo((0.9 * 0.4 + 0.6 * 0.5) / 1.5, 12);
    expect(merged[0].y2).toBeCloseTo(1, 12);
    expect(merged[0].keypoints[0][0]).toBeCloseTo(0.04, 12);
    expect(merged[0].keypoints[0][1]).toBeCloseTo(0.5, 12);
  });

  it('keeps boxes separate up to an IoU of 0.3, best first', () => {
    // IoU 0.46 / 1.54 = 0.2987, then 0.47 / 1.53 = 0.307.
    const below = weightedNonMaximumSuppression([detection(0.54, 1.54, 0.6), detection(0, 1, 0.9)]);
    expect(below.map(({ score }) => score)).toEqual([0.9, 0.6]);
    expect(weightedNonMaximumSuppression([detection(0.53, 1.53, 0.6), detection(0, 1, 0.9)])).toHaveLength(1);
  });

  it('compares with the best detection of a group, not with its average', () => {
    // The second joins the first (IoU 0.38). The third has an IoU of 0.34 with their average but only 0.18 with the
    // first.
    const group = [detection(0, 1, 0.9), detection(0.45, 1.45, 0.8), detection(0.7, 1.7, 0.7)];
    const merged = weightedNonMaximumSuppression(group);
    expect(merged).toHaveLength(2);
    expect(merged[0].x1).toBeCloseTo((0.8 * 0.45) / 1.7, 12);
    expect(merged[1]).toEqual(group[2]);
  });
});
