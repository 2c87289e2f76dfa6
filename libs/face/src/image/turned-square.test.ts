import { describe, expect, it } from 'vitest';
import { largestDifference, MAX_PIXELS, meanDifference, photographFile, randomImage } from '../test-support.fixture.js';
import { decodePhotograph } from './decode.js';
import { withKernels } from './pixel-kernels.js';
import { resample } from './resample.js';
import type { RgbImage } from './rgb-image.js';
import type { PixelNormalisation } from './tensor.js';
import { sampleSquare, type TurnedSquare } from './turned-square.js';

const UNCHANGED: PixelNormalisation = { mean: 0, divisor: 1 };
const SIDE = 40;
const degrees = (angle: number): number => (angle * Math.PI) / 180;

const obama = await decodePhotograph(
  photographFile('obama.jpg'),
  { noResizeUpTo: 2, kernel: 'cubic', quickJpegs: false },
  MAX_PIXELS,
);
/** Between the eyes, in pixels of obama.jpg. */
const FACE = { centreX: 495.3, centreY: 250.8 };

function sampled(image: RgbImage, square: TurnedSquare, side = SIDE): Float32Array {
  const data = new Float32Array(3 * side * side);
  sampleSquare(image, square, side, UNCHANGED, { data, offset: 0 });
  return data;
}

/** The expected samples: a function of their position, in pixels of the image, for each of three channels. */
function eachSample(
  { centreX, centreY, side, angle }: TurnedSquare,
  sample: (x: number, y: number, channel: number) => number,
): Float64Array {
  const result = new Float64Array(3 * SIDE * SIDE);
  const scale = side / SIDE;
  for (let v = 0; v < SIDE; v++) {
    for (let u = 0; u < SIDE; u++) {
      const right = (u + 0.5 - SIDE / 2) * scale;
      const down = (v + 0.5 - SIDE / 2) * scale;
      const x = centreX + right * Math.cos(angle) - down * Math.sin(angle);
      const y = centreY + right * Math.sin(angle) + down * Math.cos(angle);
      for (let c = 0; c < 3; c++) result[(c * SIDE + v) * SIDE + u] = sample(x, y, c);
    }
  }
  return result;
}

function pixelAt({ pixels, width, height }: RgbImage, x: number, y: number, channel: number): number {
  const column = Math.min(Math.max(x, 0), width - 1);
  const row = Math.min(Math.max(y, 0), height - 1);
  return pixels[(row * width + column) * 3 + channel];
}

/** Every pixel around a sample weighted by a triangle along each axis of the image: slow, without tables. */
function bruteForce(image: RgbImage, square: TurnedSquare): Float64Array {
  const radius = Math.max(1, square.side / SIDE);
  const weight = (distance: number): number => Math.max(0, 1 - Math.abs(distance) / radius);
  return eachSample(square, (x, y, channel) => {
    let sum = 0;
    let total = 0;
    for (let row = Math.floor(y - radius); row < y + radius; row++) {
      for (let column = Math.floor(x - radius); column < x + radius; column++) {
        const w = weight(row + 0.5 - y) * weight(column + 0.5 - x);
        total += w;
        sum += w * pixelAt(image, column, row, channel);
      }
    }
    return sum / total;
  });
}

/**
 * The bilinearly interpolated photograph, weighted by a triangle along each axis of the square, with 24 × 24 points per
 * sample. It is independent of the pixel grid and the image's axes, so it shows the error due to rotation.
 */
function supersampled(image: RgbImage, square: TurnedSquare): Float64Array {
  const scale = square.side / SIDE;
  if (scale <= 1) return eachSample(square, (x, y, channel) => bilinear(image, x, y, channel));
  const steps = Array.from({ length: 24 }, (_, i) => (i + 0.5) / 12 - 1);
  const points = steps.flatMap((right) =>
    steps.map((down) => ({
      x: scale * (right * Math.cos(square.angle) - down * Math.sin(square.angle)),
      y: scale * (right * Math.sin(square.angle) + down * Math.cos(square.angle)),
      weight: (1 - Math.abs(right)) * (1 - Math.abs(down)),
    })),
  );
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  return eachSample(square, (x, y, channel) => {
    let sum = 0;
    for (const point of points) sum += point.weight * bilinear(image, x + point.x, y + point.y, channel);
    return sum / total;
  });
}

function bilinear(image: RgbImage, x: number, y: number, channel: number): number {
  const column = Math.floor(x - 0.5);
  const row = Math.floor(y - 0.5);
  const right = x - 0.5 - column;
  const down = y - 0.5 - row;
  const at = (i: number, j: number): number => pixelAt(image, column + i, row + j, channel);
  return (1 - down) * ((1 - right) * at(0, 0) + right * at(1, 0)) + down * ((1 - right) * at(0, 1) + right * at(1, 1));
}

const turned = (scale: number, angle: number): TurnedSquare => ({
  ...FACE,
  side: scale * SIDE,
  angle: degrees(angle),
});

/** Input pixels per output pixel, along each axis. */
const SCALES = [0.3, 0.9, 1, 1.3, 1.9, 2.6, 3.4, 4.9, 5.1, 6.3, 8];
const ANGLES = [0, 10, -35, 45, 90, 160];

describe('sampleSquare', () => {
  it.each(SCALES.filter((scale) => scale <= 5))('weights pixels by a triangle at %d pixels per sample', (scale) => {
    for (const angle of ANGLES) {
      const square = turned(scale, angle);
      const expected = bruteForce(obama, square);
      const samples = sampled(obama, square);
      expect(largestDifference(samples, expected)).toBeLessThan(0.3);
      expect(meanDifference(samples, expected)).toBeLessThan(0.02);
    }
  });

  it.each(SCALES.filter((scale) => scale > 5))('approximates that in blocks at %d pixels per sample', (scale) => {
    for (const angle of ANGLES) {
      const square = turned(scale, angle);
      const expected = bruteForce(obama, square);
      const samples = sampled(obama, square);
      expect(largestDifference(samples, expected)).toBeLessThan(5);
      expect(meanDifference(samples, expected)).toBeLessThan(0.4);
    }
  });

  it.each([0.3, 1, 1.9, 3.4, 5.1, 8])('neither aliases nor blurs at %d pixels per sample, at any angle', (scale) => {
    for (const angle of [0, 10, -35, 45]) {
      const square = turned(scale, angle);
      expect(meanDifference(sampled(obama, square), supersampled(obama, square))).toBeLessThan(0.45);
    }
  });

  it('removes stripes too fine for the output', () => {
    const stripes = {
      width: 600,
      height: 600,
      pixels: Uint8Array.from({ length: 600 * 600 * 3 }, (_, i) => (Math.floor(i / 3) % 2 === 0 ? 0 : 255)),
    };
    for (const scale of [2, 3.7, 5.3, 9.1]) {
      const samples = sampled(stripes, { centreX: 300, centreY: 300, side: scale * SIDE, angle: degrees(20) });
      expect(meanDifference(samples, new Float32Array(samples.length).fill(127.5))).toBeLessThan(1);
    }
  });

  it.each([24, 100, 160, 233, 310, 447, 640, 796])('matches resample for an upright square of %d pixels', (side) => {
    const region = { x: 60, y: 100, width: side, height: side };
    const square = { centreX: 60 + side / 2, centreY: 100 + side / 2, side, angle: 0 };
    const expected = new Float32Array(3 * 160 * 160);
    resample(obama, region, { width: 160, height: 160 }, 'bilinear', UNCHANGED, { data: expected, offset: 0 });
    const samples = sampled(obama, square, 160);
    // At the rim, resample does not read pixels outside the square.
    const rim = Math.ceil(160 / Math.min(side, 160));
    const inside = (_: number, i: number): boolean => {
      const x = i % 160;
      const y = Math.floor(i / 160) % 160;
      return Math.min(x, y) >= rim && Math.max(x, y) < 160 - rim;
    };
    expect(largestDifference(samples.filter(inside), expected.filter(inside))).toBeLessThan(0.6);
    expect(meanDifference(samples.filter(inside), expected.filter(inside))).toBeLessThan(0.03);
    expect(meanDifference(samples, expected)).toBeLessThan(0.2);
  });

  it.each([1.3, 7])('rotates the picture with the square, at %d pixels per sample', (scale) => {
    let expected = sampled(obama, turned(scale, 0));
    for (const angle of [90, 180, 270, 360]) {
      expected = quarterTurned(expected);
      expect(meanDifference(sampled(obama, turned(scale, angle)), expected)).toBeLessThan(scale < 5 ? 0.02 : 0.3);
    }
  });

  it.each([0.4, 1.9, 4.4, 6.2])('repeats the edges outside, at %d pixels per sample', (scale) => {
    const image = randomImage(71, 53, 5);
    const framed = withRepeatedEdges(image, 400);
    for (const [centreX, centreY] of [
      [0, 0],
      [71, 53],
      [70, 3],
      [35, 26],
    ]) {
      for (const angle of ANGLES) {
        const square = { centreX, centreY, side: scale * SIDE, angle: degrees(angle) };
        const inside = { ...square, centreX: centreX + 400, centreY: centreY + 400 };
        expect(sampled(image, square)).toEqual(sampled(framed, inside));
      }
    }
  });

  it.each([
    ['tiny', { centreX: 450, centreY: 500, side: 1, angle: 0.4 }],
    ['small, in a corner', { centreX: 910, centreY: 0, side: 20, angle: -0.4 }],
    ['large', { centreX: 455, centreY: 568, side: 6000, angle: 0.7 }],
    ['large, mostly outside', { centreX: 910, centreY: 1137, side: 6000, angle: 3 }],
  ])('stays within the range of the image’s values for a square that is %s', (_, square) => {
    const even = { ...obama, pixels: new Uint8Array(obama.pixels.length).fill(77) };
    const samples = sampled(even, square, 160);
    expect(largestDifference(samples, new Float32Array(samples.length).fill(77))).toBeLessThan(0.02);
  });

  it.each([
    ['inside', { centreX: 400, centreY: 500, side: 320, angle: 0.2 }],
    ['across an edge', { centreX: 10, centreY: 1100, side: 320, angle: 0.2 }],
    ['in blocks', { centreX: 400, centreY: 500, side: 900, angle: 0.2 }],
    ['in blocks across an edge', { centreX: 900, centreY: 20, side: 1500, angle: -0.6 }],
    ['around all of it', { centreX: 455, centreY: 568, side: 4000, angle: 0.7 }],
  ])('reads only the image for a square %s', (_, square) => {
    const after = (left: number): Float32Array => {
      withKernels((kernels) => {
        kernels.bytes(kernels.allocate(12_000_000), 12_000_000).fill(left);
      });
      return sampled(obama, square, 160);
    };
    expect(after(255)).toEqual(after(0));
  });

  it('normalises and writes from the offset on', () => {
    const white = { width: 3, height: 3, pixels: new Uint8Array(27).fill(255) };
    const data = new Float32Array(5).fill(9);
    const square = { centreX: 1.5, centreY: 1.5, side: 2, angle: 0.1 };
    sampleSquare(white, square, 1, { mean: 127.5, divisor: 128 }, { data, offset: 1 });
    expect(data[0]).toBe(9);
    for (const value of data.subarray(1, 4)) expect(value).toBeCloseTo(127.5 / 128, 5);
    expect(data[4]).toBe(9);
  });
});

/** In a square rotated clockwise the picture appears rotated the other way. */
function quarterTurned(samples: Float32Array): Float32Array {
  return samples.map((_, i) => {
    const u = i % SIDE;
    const v = Math.floor(i / SIDE) % SIDE;
    return samples[i - v * SIDE - u + u * SIDE + (SIDE - 1 - v)];
  });
}

function withRepeatedEdges(image: RgbImage, frame: number): RgbImage {
  const width = image.width + 2 * frame;
  const height = image.height + 2 * frame;
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return pixelAt(image, (pixel % width) - frame, Math.floor(pixel / width) - frame, i % 3);
  });
  return { width, height, pixels };
}
