import { expect, it } from 'vitest';
import { normalDeviate } from './normal-deviate.js';

// From SciPy 1.17.1, scipy.stats.norm.ppf.
it.each([
  [0.5, 0],
  [0.975, 1.959963984540054],
  [0.01, -2.3263478740408408],
  [1e-4, -3.7190164854556804],
  [1e-6, -4.753424308822899],
])('of a share of %d is %d', (share, deviate) => {
  expect(normalDeviate(share)).toBeCloseTo(deviate, 6);
});
