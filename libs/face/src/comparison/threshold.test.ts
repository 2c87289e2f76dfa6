import { expect, it } from 'vitest';
import { decide, isMatch, MAX_THRESHOLD, MIN_THRESHOLD } from './threshold.js';

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

it.each([
  [0.44, 0.6, 'no_match'],
  [0.45, 0.6, 'review'],
  [0.6, 0.6, 'review'],
  [0.64, 0.6, 'review'],
  [0.65, 0.6, 'match'],
  [0.7, 0.8, 'no_match'],
  [0.3, 0.2, 'match'],
])('decides on %d with the threshold %d and the band 0.45..0.65: %s', (similarity, threshold, decision) => {
  expect(decide(similarity, threshold, [0.45, 0.65])).toBe(decision);
});
