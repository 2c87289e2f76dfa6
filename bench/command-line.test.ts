import { describe, expect, it } from 'vitest';
import { readArguments, usage, UsageError } from './command-line.mjs';

const OPTIONS = {
  cases: { type: 'number', default: 100, min: 1, what: 'how many' },
  seed: { type: 'number', default: 7, max: 50, shown: 'random', what: 'of all' },
  url: { type: 'url', what: 'where to' },
  file: { type: 'text', default: 'a.jpg', what: 'what' },
  beside: { type: 'build', what: 'another version' },
  json: { type: 'flag', what: 'as JSON' },
} as const;

const DEFAULTS = { cases: 100, seed: 7, url: undefined, file: 'a.jpg', beside: undefined, json: false };

describe('arguments', () => {
  it('are read as what they are, and are the default where they are left out', () => {
    expect(readArguments([], OPTIONS)).toEqual(DEFAULTS);
    expect(readArguments(['--cases', '20'], OPTIONS)).toEqual({ ...DEFAULTS, cases: 20 });
    expect(readArguments(['--cases=1', '--seed=50'], OPTIONS)).toEqual({ ...DEFAULTS, cases: 1, seed: 50 });
    expect(readArguments(['--url', 'https://faces.example/x', '--file', 'b.png', '--json'], OPTIONS)).toEqual({
      ...DEFAULTS,
      url: 'https://faces.example/x',
      file: 'b.png',
      json: true,
    });
  });

  it('may ask for help', () => {
    expect(readArguments(['--cases', 'abc', '--help'], OPTIONS)).toBe('help');
  });

  it.each([
    [['--cases', 'abc'], '--cases must be a whole number, at least 1'],
    [['--cases', '0'], '--cases must be a whole number, at least 1'],
    [['--cases', '1.5'], '--cases must be a whole number, at least 1'],
    [['--cases', ''], '--cases must be a whole number, at least 1'],
    [['--seed', '51'], '--seed must be a whole number, from 0 to 50'],
    [['--seed', '1e1'], '--seed must be a whole number, from 0 to 50'],
    [['--url', 'localhost:8000'], '--url must be an http or https URL'],
    [['--url', 'ftp://localhost/x'], '--url must be an http or https URL'],
    [['--url', '/mediapipe'], '--url must be an http or https URL'],
    [['--beside', 'docs'], '--beside must be a folder in which a version of this service has been built'],
    [['--case', '1'], "Unknown option '--case'"],
    [['--cases'], "Option '--cases <value>' argument missing"],
    [['--json=yes'], "Option '--json' does not take an argument"],
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

describe('the usage', () => {
  it('has a line for each option, with its default and its bounds', () => {
    const options = { ...OPTIONS, requests: { type: 'number', default: 20, min: 10, max: 30, what: 'sent' } } as const;
    const lines = usage({ command: 'npm run it --', about: 'Does it.', options }).split('\n');

    expect(lines.map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
      'Usage: npm run it -- [options]',
      '',
      'Does it.',
      '',
      '--cases N how many (100)',
      '--seed N of all (random)',
      '--url URL where to',
      '--file TEXT what (a.jpg)',
      '--beside FOLDER another version',
      '--json as JSON',
      '--requests N sent, from 10 to 30 (20)',
      '--help print this',
    ]);
  });
});
