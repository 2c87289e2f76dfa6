import { expect, it } from 'vitest';
import { embeddingStats } from './embedding-stats.js';

it('computes minimum, maximum, mean, population standard deviation and norm', () => {
  const stats = embeddingStats(Float32Array.of(2, -4, 4, 6));
  expect(stats.min).toBe(-4);
  expect(stats.max).toBe(6);
  expect(stats.mean).toBe(2);
  // Squared deviations 0, 36, 4, 16; their mean is 14.
  expect(stats.std).toBeCloseTo(Math.sqrt(14), 12);
  expect(stats.norm).toBeCloseTo(Math.sqrt(72), 12);
});

it('returns a norm of 1 for a unit vector', () => {
  const { norm, std } = embeddingStats(new Float32Array(512).fill(1 / Math.sqrt(512)));
  expect(norm).toBeCloseTo(1, 6);
  expect(std).toBeCloseTo(0, 6);
});

it('never takes the root of a negative variance', () => {
  for (const value of [0.1, 1 / 3, -0.7, 1e-8])
    expect(embeddingStats(new Float32Array(7).fill(value)).std).not.toBeNaN();
});
