import { describe, expect, it } from 'vitest';
import { FACE_WARNINGS } from '../../../libs/face/src/quality/warnings.js';
import { readServerTiming } from '../src/server-timing.js';
import { asShown, falseMatchRateInWords, fileSize, milliseconds, warningInWords } from '../src/words.js';

describe('asShown', () => {
  it.each([
    [0.7569955, 0.6, '0.757', '0.6'],
    [0.59996, 0.6, '0.59996', '0.6'],
    [0.6, 0.6, '0.600', '0.6'],
    [0.4523, 0.4523, '0.4523', '0.4523'],
    [-0.0421, 0.6, '−0.042', '0.6'],
    [-0.5, -0.25, '−0.500', '−0.25'],
    [0.757, 0.4751588159061033, '0.757', '0.4752'],
    [0.47516, 0.4751588159061033, '0.4752', '0.4752'],
    [0.47515, 0.4751588159061033, '0.475', '0.4752'],
    [0.47521, 0.4752099, '0.4752', '0.4752'],
    [0.47519, 0.4752099, '0.475', '0.4752'],
    [0.4752098, 0.4752099, '0.475', '0.4752'],
  ])('%d against %d is %s against %s', (similarity, threshold, ...shown) => {
    expect(asShown(similarity, threshold)).toEqual(shown);
  });
});

it('every warning has words, and one that is not known its code', () => {
  for (const warning of FACE_WARNINGS) expect(warningInWords(warning)).toMatch(/^[A-Z].*[a-z]\.$/);
  expect(warningInWords('NEW_WARNING')).toBe('NEW_WARNING');
});

describe('falseMatchRateInWords', () => {
  it('says one in how many, with the interval', () => {
    expect(falseMatchRateInWords({ rate: 0.00012, low: 0.00005, high: 0.0003 })).toBe(
      'About 1 in 8,300 pairs of different people scores as high (95 %: 1 in 3,300 to 1 in 20,000).',
    );
    expect(falseMatchRateInWords({ rate: 0.5, low: 0, high: 0.9 })).toContain('1 in 1.1 to 1 in infinitely many');
  });

  it('says fewer than one in how many where no pair scores as high', () => {
    expect(falseMatchRateInWords({ below: 0.00003 })).toBe(
      'Fewer than 1 in 33,000 pairs of different people score as high.',
    );
  });
});

it('sizes and times have a unit that suits them', () => {
  expect([12, 184_000, 10_485_760].map(fileSize)).toEqual(['1 kB', '184 kB', '10.5 MB']);
  expect([0.0421, 12.34, 297.4].map(milliseconds)).toEqual(['0.04 ms', '12.3 ms', '297 ms']);
});

it('readServerTiming reads the stages in order', () => {
  expect([...readServerTiming('decode1;dur=8.7, detect1;dur=0, total;dur=27.4')]).toEqual([
    ['decode1', 8.7],
    ['detect1', 0],
    ['total', 27.4],
  ]);
  expect([...readServerTiming('')]).toEqual([]);
});
