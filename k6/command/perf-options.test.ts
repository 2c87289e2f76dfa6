import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePerfOptions } from './perf-options.mjs';

describe('parsePerfOptions', () => {
  it('sends ten pairs of one man to /mediapipe where nothing is said', () => {
    const { image1, image2, ...rest } = parsePerfOptions([], '/anywhere');
    expect([image1, image2].map((path) => basename(path))).toEqual(['obama.jpg', 'obama2.jpg']);
    expect(rest).toEqual({ numRequests: 10, url: 'http://localhost:8000/mediapipe', json: false, help: false });
  });

  it('takes every option, with paths from the folder of whoever calls', () => {
    const argv = '--num-requests 100 --url https://faces.example/compare --image1 a.jpg --image2 /b/c.png --json';
    expect(parsePerfOptions(argv.split(' '), '/home/me')).toEqual({
      numRequests: 100,
      url: 'https://faces.example/compare',
      image1: '/home/me/a.jpg',
      image2: '/b/c.png',
      json: true,
      help: false,
    });
  });

  it.each(['0', '-1', '1.5', 'ten', '', '1e3'])('refuses %j requests', (number) => {
    expect(() => parsePerfOptions([`--num-requests=${number}`], '/')).toThrow('--num-requests must be a whole number');
  });

  it.each(['localhost:8000', 'ftp://localhost/x', '/mediapipe'])('refuses %j as a URL', (url) => {
    expect(() => parsePerfOptions(['--url', url], '/')).toThrow('--url must be an http or https URL');
  });

  it('names an option it does not know', () => {
    expect(() => parsePerfOptions(['--requests', '5'], '/')).toThrow('--requests');
  });
});
