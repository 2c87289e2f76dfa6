import { basename, isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import { perfOptions } from './perf-options.mjs';

describe('perfOptions', () => {
  it('sends ten pairs of one man to /mediapipe by default', () => {
    const { image1, image2, ...rest } = perfOptions([], '/anywhere');
    expect([image1, image2].map((path) => basename(path))).toEqual(['obama.jpg', 'obama2.jpg']);
    expect([image1, image2].every((path) => isAbsolute(path) && !path.startsWith('/anywhere'))).toBe(true);
    expect(rest).toEqual({ numRequests: 10, url: 'http://localhost:8000/mediapipe', json: false });
  });

  it('accepts every option, with paths relative to the calling folder', () => {
    const args = '--num-requests 100 --url https://faces.example/compare --image1 a.jpg --image2 /b/c.png --json';
    expect(perfOptions(args.split(' '), '/home/me')).toEqual({
      numRequests: 100,
      url: 'https://faces.example/compare',
      image1: '/home/me/a.jpg',
      image2: '/b/c.png',
      json: true,
    });
  });
});
