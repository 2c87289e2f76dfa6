import { describe, expect, it } from 'vitest';
import { readArguments, UsageError } from './command-line.js';

const OPTIONS = { cases: { default: 100, min: 1 }, seed: { default: 7, min: 0, max: 50 } };

describe('arguments', () => {
  it('are read as numbers, and are the default where they are left out', () => {
    expect(readArguments(['--cases', '20'], OPTIONS)).toEqual({ cases: 20, seed: 7 });
    expect(readArguments(['--cases=1', '--seed=50'], OPTIONS)).toEqual({ cases: 1, seed: 50 });
    expect(readArguments([], OPTIONS)).toEqual({ cases: 100, seed: 7 });
  });

  it('may ask for help', () => {
    expect(readArguments(['--cases', 'abc', '--help'], OPTIONS)).toBe('help');
  });

  it.each([
    [['--cases', 'abc'], '--cases must be a whole number of at least 1'],
    [['--cases', '0'], '--cases must be a whole number of at least 1'],
    [['--cases', '1.5'], '--cases must be a whole number of at least 1'],
    [['--cases', ''], '--cases must be a whole number of at least 1'],
    [['--seed', '51'], '--seed must be a whole number from 0 to 50'],
    [['--seed', '1e1'], '--seed must be a whole number from 0 to 50'],
    [['--case', '1'], "Unknown option '--case'"],
    [['--cases'], "Option '--cases <value>' argument missing"],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous"],
    [['1.5'], "Unexpected argument '1.5'"],
  ])('%j are refused in one line', (args, message) => {
    let thrown: unknown;
    try {
      readArguments(args, OPTIONS);
    } catch (error) {
      thrown = error;
    }

    expect(thrown).toBeInstanceOf(UsageError);
    expect((thrown as Error).message).toBe(message);
  });
});
