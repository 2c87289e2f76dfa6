import type { Size } from '../geometry/box.js';
import type { Region, RgbImage } from './rgb-image.js';
import type { PixelNormalisation, TensorTarget } from './tensor.js';

/** The kernel of a resampling: a triangle, or a windowed sinc that keeps more detail and costs three times as much. */
export type ResampleFilter = 'bilinear' | 'lanczos3';

const KERNELS: Readonly<Record<ResampleFilter, { readonly radius: number; readonly weigh: (x: number) => number }>> = {
  bilinear: { radius: 1, weigh: (x) => Math.max(0, 1 - Math.abs(x)) },
  lanczos3: { radius: 3, weigh: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/**
 * Cuts a region of whole pixels out and scales it to `out`. The kernel widens when it shrinks, so that nothing is
 * skipped ("antialiased", as Pillow and torchvision do it). Pixels outside the region are not looked at.
 */
export function resample(
  image: RgbImage,
  region: Region,
  out: Size,
  filter: ResampleFilter,
  { mean, divisor }: PixelNormalisation,
  { data, offset }: TensorTarget,
): void {
  const columns = filterTaps(region.width, out.width, filter);
  const rows = filterTaps(region.height, out.height, filter);
  const plane = out.width * out.height;
  const line = new Float64Array(region.width * 3);
  const gain = 1 / divisor;
  const bias = -mean / divisor;
  for (let j = 0, to = offset; j < out.height; j++) {
    sumRows(image, region, rows, j, line);
    for (let i = 0; i < out.width; i++, to++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      const end = columns.start[i + 1];
      for (let tap = columns.start[i], x = columns.first[i] * 3; tap < end; tap++, x += 3) {
        const weight = columns.weights[tap];
        red += weight * line[x];
        green += weight * line[x + 1];
        blue += weight * line[x + 2];
      }
      data[to] = red * gain + bias;
      data[to + plane] = green * gain + bias;
      data[to + 2 * plane] = blue * gain + bias;
    }
  }
}

/** The weighted sum of the rows that output row `j` looks at, two at a time. */
function sumRows({ pixels, width }: RgbImage, region: Region, rows: Taps, j: number, line: Float64Array): void {
  const stride = width * 3;
  const end = rows.start[j + 1];
  let from = ((region.y + rows.first[j]) * width + region.x) * 3;
  line.fill(0);
  let tap = rows.start[j];
  for (; tap + 1 < end; tap += 2, from += 2 * stride) {
    const weight = rows.weights[tap];
    const next = rows.weights[tap + 1];
    const below = from + stride;
    for (let i = 0; i < line.length; i++) line[i] += weight * pixels[from + i] + next * pixels[below + i];
  }
  if (tap < end) {
    const weight = rows.weights[tap];
    for (let i = 0; i < line.length; i++) line[i] += weight * pixels[from + i];
  }
}

/** Output pixel i of one axis is the sum of the input pixels from first[i] on, times weights[start[i]…start[i + 1]]. */
interface Taps {
  readonly first: Int32Array;
  readonly start: Int32Array;
  readonly weights: Float64Array;
}

function filterTaps(inLength: number, outLength: number, filter: ResampleFilter): Taps {
  const { radius, weigh } = KERNELS[filter];
  const scale = inLength / outLength;
  const stretch = Math.max(scale, 1);
  const first = new Int32Array(outLength);
  const start = new Int32Array(outLength + 1);
  const weights: number[] = [];
  for (let i = 0; i < outLength; i++) {
    const centre = (i + 0.5) * scale;
    const end = Math.min(inLength, Math.floor(centre + radius * stretch + 0.5));
    first[i] = Math.max(0, Math.floor(centre - radius * stretch + 0.5));
    const raw: number[] = [];
    for (let x = first[i]; x < end; x++) raw.push(weigh((x + 0.5 - centre) / stretch));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    weights.push(...raw.map((weight) => weight / sum));
    start[i + 1] = weights.length;
  }
  return { first, start, weights: Float64Array.from(weights) };
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
