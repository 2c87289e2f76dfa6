import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.fixture.js';
import { compareEmbeddings } from './similarity.js';

const vector = (...values: number[]): Float32Array => Float32Array.from(values);

function unitVector(random: () => number): Float32Array {
  const values = Float32Array.from({ length: 512 }, () => random() - 0.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

describe('compareEmbeddings', () => {
  it.each([
    ['identical', vector(3, 4), vector(3, 4), 1, 0],
    ['parallel, of different lengths', vector(3, 4), vector(6, 8), 1, 5],
    ['orthogonal', vector(1, 0), vector(0, 1), 0, Math.SQRT2],
    ['opposite', vector(1, 0), vector(-1, 0), -1, 2],
    ['at 60°', vector(1, 0), vector(0.5, Math.sqrt(3) / 2), 0.5, 1],
  ])('of vectors that are %s', (_, a, b, cosine, euclidean) => {
    expect(compareEmbeddings(a, b).cosine).toBeCloseTo(cosine, 6);
    expect(compareEmbeddings(a, b).euclidean).toBeCloseTo(euclidean, 6);
  });

  it('is symmetric, and for unit vectors the distance is √(2 − 2·cosine)', () => {
    const random = seededRandom(5);
    for (let i = 0; i < 50; i++) {
      const a = unitVector(random);
      const b = unitVector(random);
      const { cosine, euclidean } = compareEmbeddings(a, b);
      expect(compareEmbeddings(b, a)).toEqual({ cosine, euclidean });
      expect(euclidean).toBeCloseTo(Math.sqrt(2 - 2 * cosine), 5);
    }
  });

  it('stays within −1 to 1 despite rounding', () => {
    const random = seededRandom(6);
    for (let i = 0; i < 200; i++) {
      const a = unitVector(random);
      const opposite = a.map((value) => -value);
      expect(compareEmbeddings(a, a).cosine).toBeLessThanOrEqual(1);
      expect(compareEmbeddings(a, opposite).cosine).toBeGreaterThanOrEqual(-1);
    }
  });

  it.each([
    ['different lengths', vector(1, 2, 3), vector(1, 2)],
    ['no values', vector(), vector()],
    ['NaN', vector(1, NaN), vector(1, 2)],
    ['infinity', vector(1, 2), vector(Infinity, 2)],
    ['zeros in the first', vector(0, 0), vector(1, 2)],
    ['zeros in the second', vector(1, 2), vector(0, 0)],
  ])('refuses %s', (_, a, b) => {
    expect(() => compareEmbeddings(a, b)).toThrow(RangeError);
  });

  it('reports both lengths if they differ', () => {
    expect(() => compareEmbeddings(vector(1, 2, 3), vector(1, 2))).toThrow(/3 and 2/);
  });
});
