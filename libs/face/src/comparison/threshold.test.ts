import { expect, it } from 'vitest';
import { isMatch, MAX_THRESHOLD, MIN_THRESHOLD } from './threshold.js';

it('matches at and above the threshold', () => {
  expect(isMatch(0.6, 0.6)).toBe(true);
  expect(isMatch(0.6000001, 0.6)).toBe(true);
  expect(isMatch(0.5999999, 0.6)).toBe(false);
});

it('matches everything at the lowest threshold and only identical directions at the highest', () => {
  expect(isMatch(-1, MIN_THRESHOLD)).toBe(true);
  expect(isMatch(0.999, MAX_THRESHOLD)).toBe(false);
  expect(isMatch(1, MAX_THRESHOLD)).toBe(true);
});
