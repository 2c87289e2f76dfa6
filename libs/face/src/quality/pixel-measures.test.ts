import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.fixture.js';
import { PATCH_SIDE } from './face-patch.js';
import { measurePixels, type PixelMeasures } from './pixel-measures.js';

type Colour = readonly [red: number, green: number, blue: number];

function measure(colourAt: (x: number, y: number) => Colour): PixelMeasures {
  const count = PATCH_SIDE * PATCH_SIDE;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const colour = colourAt(i % PATCH_SIDE, Math.floor(i / PATCH_SIDE));
    for (const [channel, value] of colour.entries()) planes[channel * count + i] = value;
  }
  return measurePixels({ planes });
}

const grey = (value: number): Colour => [value, value, value];

describe('measurePixels', () => {
  it.each([
    [0, 0, 1, 0],
    [25, 25 / 255, 1, 0],
    [26, 26 / 255, 0, 0],
    [246, 246 / 255, 0, 0],
    [248, 248 / 255, 0, 1],
    [255, 1, 0, 1],
  ])('of one grey of %d', (value, brightness, clippedDark, clippedBright) => {
    const measures = measure(() => grey(value));
    expect(measures).toMatchObject({ clippedDark, clippedBright, isGrey: true, sharpness: 0 });
    expect(measures.brightness).toBeCloseTo(brightness, 4);
    expect(measures.contrast).toBeCloseTo(0, 3);
  });

  it('of a half black and half white patch', () => {
    const measures = measure((x) => grey(x < PATCH_SIDE / 2 ? 0 : 255));
    expect(measures.brightness).toBeCloseTo(0.5, 4);
    expect(measures.contrast).toBeCloseTo(0.5, 4);
    expect(measures).toMatchObject({ clippedDark: 0.5, clippedBright: 0.5 });
  });

  it('weighs red, green and blue like Rec. 601', () => {
    expect(measure(() => [255, 0, 0]).brightness).toBeCloseTo(0.299, 3);
    expect(measure(() => [0, 255, 0]).brightness).toBeCloseTo(0.587, 3);
    expect(measure(() => [0, 0, 255]).brightness).toBeCloseTo(0.114, 3);
  });

  it('tells grey from colour despite the noise of a JPEG', () => {
    const random = seededRandom(3);
    const noise = (value: number): number => value + 2 * random();
    expect(measure((x) => [noise(x), noise(x), noise(x)]).isGrey).toBe(true);
    expect(measure((x) => [x + 20, x + 10, x]).isGrey).toBe(false);
  });

  it('finds less and less detail in wider and wider edges, whatever their contrast', () => {
    const edges = (width: number, contrast: number): number => {
      const wave = (at: number): number => Math.tanh(Math.sin((at * Math.PI) / 16) / (width / 8));
      return measure((x, y) => grey(128 + contrast * (wave(x) + wave(y)))).sharpness;
    };
    const sharpness = [0.1, 2, 6, 16].map((width) => edges(width, 40));
    expect(sharpness).toEqual([...sharpness].sort((a, b) => b - a));
    expect(sharpness[0] - sharpness[3]).toBeGreaterThan(0.2);
    expect(edges(6, 4)).toBeCloseTo(sharpness[2], 2);
  });

  it('finds a patch that is blurred along one axis blurred', () => {
    const random = seededRandom(5);
    const lines = Array.from({ length: PATCH_SIDE }, () => 255 * random());
    const along = measure((x, y) => grey((lines[x] + 2 * y) / 2));
    const both = measure((x, y) => grey((lines[x] + lines[y]) / 2));
    expect(along.sharpness).toBeLessThan(0.1);
    expect(both.sharpness).toBeGreaterThan(0.6);
  });
});
