import { assert, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BoundingBox,
  boxArea,
  boxHeight,
  boxWidth,
  clipBox,
  intersectionArea,
  intersectionOverUnion,
  roundBox,
  scaleBox,
} from './box.js';

const box = (x1: number, y1: number, x2: number, y2: number): BoundingBox => ({ x1, y1, x2, y2 });

describe('size', () => {
  it('counts continuous coordinates, without an extra pixel', () => {
    expect(boxWidth(box(10, 20, 40, 60))).toBe(30);
    expect(boxHeight(box(10, 20, 40, 60))).toBe(40);
    expect(boxArea(box(10, 20, 40, 60))).toBe(1200);
  });

  it.each([
    ['in x', box(40, 20, 10, 60)],
    ['in y', box(10, 60, 40, 20)],
    ['in both', box(40, 60, 10, 20)],
  ])('is 0 for a box inverted %s', (_, inverted) => {
    expect(boxArea(inverted)).toBe(0);
  });
});

describe('overlap', () => {
  it.each([
    ['the same box', box(0, 0, 10, 10), box(0, 0, 10, 10), 100, 1],
    ['half a box', box(0, 0, 10, 10), box(5, 0, 15, 10), 50, 1 / 3],
    ['a box inside another', box(0, 0, 10, 10), box(2, 2, 7, 7), 25, 0.25],
    ['boxes that share an edge', box(0, 0, 10, 10), box(10, 0, 20, 10), 0, 0],
    ['boxes that share a corner', box(0, 0, 10, 10), box(10, 10, 20, 20), 0, 0],
    ['boxes apart on both axes', box(0, 0, 10, 10), box(20, 20, 30, 30), 0, 0],
    ['boxes apart on one axis', box(0, 0, 10, 10), box(0, 20, 10, 30), 0, 0],
    ['boxes left of the origin', box(-10, -10, 0, 0), box(-5, -10, 5, 0), 50, 1 / 3],
  ])('of %s', (_, a, b, area, iou) => {
    expect(intersectionArea(a, b)).toBe(area);
    expect(intersectionArea(b, a)).toBe(area);
    expect(intersectionOverUnion(a, b)).toBeCloseTo(iou, 12);
    expect(intersectionOverUnion(b, a)).toBeCloseTo(iou, 12);
  });

  it('of two empty boxes is 0, not a division by zero', () => {
    expect(intersectionOverUnion(box(5, 5, 5, 5), box(5, 5, 5, 5))).toBe(0);
  });
});

describe('clipBox', () => {
  it('returns the intersection with the image, for any box', () => {
    const coordinate = integer({ min: -200, max: 200 });
    const boxes = tuple(coordinate, coordinate, coordinate, coordinate).filter(
      ([x1, y1, x2, y2]) => x1 < x2 && y1 < y2,
    );
    assert(
      property(boxes, ([x1, y1, x2, y2]) => {
        const image = { width: 100, height: 80 };
        const clipped = clipBox(box(x1, y1, x2, y2), image);
        expect(boxArea(clipped)).toBe(intersectionArea(box(x1, y1, x2, y2), box(0, 0, 100, 80)));
        expect(clipBox(clipped, image)).toEqual(clipped);
      }),
    );
  });

  it('leaves a box inside the image unchanged', () => {
    expect(clipBox(box(1.5, 2, 30, 40), { width: 30, height: 40 })).toEqual(box(1.5, 2, 30, 40));
  });

  it('clips at each edge', () => {
    expect(clipBox(box(-5, -6, 200, 300), { width: 100, height: 150 })).toEqual(box(0, 0, 100, 150));
  });

  it.each([
    ['left of', box(-20, 10, -5, 20)],
    ['above', box(10, -20, 20, -5)],
    ['right of', box(120, 10, 140, 20)],
    ['below', box(10, 120, 20, 140)],
  ])('leaves nothing of a box %s the image', (_, outside) => {
    expect(boxArea(clipBox(outside, { width: 100, height: 100 }))).toBe(0);
  });
});

it('scaleBox multiplies every coordinate', () => {
  expect(scaleBox(box(-1, 2, 3.5, 4), 2)).toEqual(box(-2, 4, 7, 8));
});

it('roundBox rounds every corner to whole pixels', () => {
  expect(roundBox(box(0.4, 0.5, 10.49, 10.51))).toEqual(box(0, 1, 10, 11));
});
