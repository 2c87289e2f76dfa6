import { array, assert, double, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersectionOverUnion } from './box.js';
import { nonMaximumSuppression, type ScoredBox } from './nms.js';

const scored = (x1: number, y1: number, x2: number, y2: number, score: number): ScoredBox => ({
  x1,
  y1,
  x2,
  y2,
  score,
});

describe('nonMaximumSuppression', () => {
  it('returns nothing for no boxes', () => {
    expect(nonMaximumSuppression([], 0.5)).toEqual([]);
  });

  it('keeps the best of overlapping boxes, best first, and does not reorder its input', () => {
    const weak = scored(0, 0, 10, 10, 0.6);
    const sure = scored(1, 0, 11, 10, 0.9);
    const apart = scored(50, 50, 60, 60, 0.7);
    const boxes = [weak, apart, sure];
    expect(nonMaximumSuppression(boxes, 0.5)).toEqual([sure, apart]);
    expect(boxes).toEqual([weak, apart, sure]);
  });

  it('keeps a box that overlaps by exactly the threshold', () => {
    const a = scored(0, 0, 10, 10, 0.9);
    const b = scored(0, 0, 10, 5, 0.8);
    expect(nonMaximumSuppression([a, b], 0.5)).toEqual([a, b]);
    expect(nonMaximumSuppression([a, b], 0.499)).toEqual([a]);
  });

  it('does not let a suppressed box suppress others', () => {
    const first = scored(0, 0, 10, 10, 0.9);
    const middle = scored(4, 0, 14, 10, 0.8);
    const last = scored(8, 0, 18, 10, 0.7);
    expect(nonMaximumSuppression([first, middle, last], 0.3)).toEqual([first, last]);
  });

  it('keeps the order of boxes with equal scores', () => {
    const boxes = [0, 20, 40].map((x) => scored(x, 0, x + 10, 10, 0.5));
    expect(nonMaximumSuppression(boxes, 0.5)).toEqual(boxes);
  });

  it('keeps other properties of a box', () => {
    const boxes = [{ ...scored(0, 0, 10, 10, 0.9), label: 'nose' }];
    expect(nonMaximumSuppression(boxes, 0.5)[0].label).toBe('nose');
  });

  it('suppresses a small box inside a large one only when measuring by the smaller area', () => {
    const large = scored(0, 0, 100, 100, 0.9);
    const inside = scored(40, 40, 60, 60, 0.8);
    expect(nonMaximumSuppression([large, inside], 0.7, 'union')).toEqual([large, inside]);
    expect(nonMaximumSuppression([large, inside], 0.7, 'smaller')).toEqual([large]);
  });

  it('handles empty boxes', () => {
    const point = scored(5, 5, 5, 5, 0.9);
    const around = scored(0, 0, 10, 10, 0.8);
    for (const measure of ['union', 'smaller'] as const) {
      expect(nonMaximumSuppression([point, around], 0.5, measure)).toEqual([point, around]);
    }
  });

  it('leaves no two boxes above the threshold, and suppresses none that overlaps no kept one', () => {
    const within = (min: number, max: number) => double({ min, max, noNaN: true });
    const box = record({
      x1: within(0, 60),
      y1: within(0, 60),
      width: within(1, 40),
      height: within(1, 40),
      score: within(0, 1),
    });
    assert(
      property(array(box, { minLength: 2, maxLength: 40 }), (drawn) => {
        const boxes = drawn.map(({ x1, y1, width, height, score }) => scored(x1, y1, x1 + width, y1 + height, score));
        const kept = nonMaximumSuppression(boxes, 0.4);
        const overlapping = kept.flatMap((a, i) => kept.slice(i + 1).filter((b) => intersectionOverUnion(a, b) > 0.4));
        expect(overlapping).toEqual([]);
        for (const dropped of boxes.filter((candidate) => !kept.includes(candidate))) {
          const better = kept.filter((k) => k.score >= dropped.score && intersectionOverUnion(k, dropped) > 0.4);
          expect(better).not.toHaveLength(0);
        }
      }),
    );
  });

  it('keeps at most `limit` boxes, the best', () => {
    const apart = [0.7, 0.9, 0.8].map((score, i) => scored(100 * i, 0, 100 * i + 10, 10, score));
    expect(nonMaximumSuppression(apart, 0.5, 'union', 2).map(({ score }) => score)).toEqual([0.9, 0.8]);
  });
});
