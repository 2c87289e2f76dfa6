import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { parseFmrList } from './fmr-list.js';
import { parseRequirement } from './requirement.js';

describe('a list of false match rates', () => {
  it('is put in order, each rate once', () => {
    expect(parseFmrList('1e-4, 0.01,1e-3,1e-2')).toEqual([1e-2, 1e-3, 1e-4]);
  });

  it.each(['', '1e-2,', '0', '1', '-0.1', 'high', 'NaN', '1e-2;1e-3', Array(21).fill('0.1').join(',')])(
    'must not be %j',
    (text) => {
      expect(() => parseFmrList(text)).toThrow(InvalidArgumentError);
    },
  );
});

describe('a requirement', () => {
  it('is added to those before it', () => {
    const first = parseRequirement('fmr=1e-3,fnmr=0.05');

    expect(parseRequirement('fmr = 0.01, fnmr = 0', first)).toEqual([
      { fmr: 1e-3, fnmr: 0.05 },
      { fmr: 0.01, fnmr: 0 },
    ]);
  });

  it.each([
    '',
    'fmr=1e-3',
    'fnmr=0.05,fmr=1e-3',
    'fmr=2,fnmr=0.1',
    'fmr=0,fnmr=0.1',
    'fmr=x,fnmr=0.1',
    'fmr=1e-3,fnmr=1',
  ])('must not be %j', (text) => {
    expect(() => parseRequirement(text)).toThrow(InvalidArgumentError);
  });
});
