import type { Size } from '../geometry/box.js';
import { type PixelKernels, withKernels } from './pixel-kernels.js';
import { putRegion, type Region, type RgbImage } from './rgb-image.js';
import type { PixelNormalisation, TensorTarget } from './tensor.js';

/** The resampling kernel: a triangle, or a windowed sinc that keeps more detail at three times the cost. */
export type ResampleFilter = 'bilinear' | 'lanczos3';

const KERNELS: Readonly<Record<ResampleFilter, { readonly radius: number; readonly weigh: (x: number) => number }>> = {
  bilinear: { radius: 1, weigh: (x) => Math.max(0, 1 - Math.abs(x)) },
  lanczos3: { radius: 3, weigh: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Maximum number of floats that the kernel writes past a line. */
const LINE_SPARE = 15;

/**
 * Crops a region of whole pixels and scales it to `out`. When downscaling, the kernel widens to avoid aliasing, as in
 * Pillow and torchvision. Pixels outside the region are not read.
 */
export function resample(
  image: RgbImage,
  region: Region,
  out: Size,
  filter: ResampleFilter,
  { mean, divisor }: PixelNormalisation,
  { data, offset }: TensorTarget,
): void {
  withKernels((kernels) => {
    const pixels = putRegion(kernels, image, region);
    const columns = putTaps(kernels, filterTaps(region.width, out.width, filter));
    const rows = putTaps(kernels, filterTaps(region.height, out.height, filter));
    const line = kernels.allocateFloats(region.width * 3 + LINE_SPARE);
    const length = 3 * out.width * out.height;
    const planes = kernels.allocateFloats(length);
    const { run } = kernels;
    const gain = 1 / divisor;
    run.resample(pixels, region.width, ...columns, ...rows, out.width, out.height, gain, -mean * gain, line, planes);
    data.set(kernels.floats(planes, length), offset);
  });
}

function putTaps(kernels: PixelKernels, { first, start, weights }: Taps): [number, number, number] {
  return [kernels.put(first), kernels.put(start), kernels.put(weights)];
}

/** Output pixel i of one axis sums the input pixels from first[i] on, weighted by weights[start[i]…start[i + 1]]. */
interface Taps {
  readonly first: Int32Array;
  readonly start: Int32Array;
  readonly weights: Float32Array;
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
  return { first, start, weights: Float32Array.from(weights) };
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
