import type { Size } from '../geometry/box.js';
import type { Region, RgbImage } from './rgb-image.js';
import type { PixelNormalisation, TensorTarget } from './tensor.js';

/**
 * The summed-area table of an image (Crow 1984): entry (x, y) holds the sum of all pixels left of and above it, for
 * each channel, so that the mean of any rectangle takes four look-ups, whatever its size.
 *
 * MTCNN averages the whole photograph down again and again; with the table the coarse levels of its pyramid and the
 * patches of its later stages cost next to nothing. One table belongs to one photograph and dies with it.
 */
export class IntegralImage implements Size {
  readonly width: number;
  readonly height: number;
  /**
   * (height + 1) rows of (width + 1) × 3 sums; the first row and column are zeros. In an image of more than 8 megapixels
   * they wrap around, which the differences of a window undo.
   */
  readonly #sums: Int32Array;

  constructor({ pixels, width, height }: RgbImage) {
    this.width = width;
    this.height = height;
    const rowLength = (width + 1) * 3;
    const sums = new Int32Array(rowLength * (height + 1));
    let from = 0;
    for (let y = 1; y <= height; y++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      const end = (y + 1) * rowLength;
      for (let to = y * rowLength + 3, above = to - rowLength; to < end; to += 3, above += 3, from += 3) {
        red += pixels[from];
        green += pixels[from + 1];
        blue += pixels[from + 2];
        sums[to] = sums[above] + red;
        sums[to + 1] = sums[above + 1] + green;
        sums[to + 2] = sums[above + 2] + blue;
      }
    }
    this.#sums = sums;
  }

  /**
   * Averages a region of whole pixels down to `out`, as PyTorch's `interpolate(mode='area')` does it: output pixel i is
   * the mean of the pixels in [⌊i·n/m⌋, ⌈(i+1)·n/m⌉) along each axis. It may also enlarge.
   */
  average(region: Region, out: Size, { mean, divisor }: PixelNormalisation, { data, offset }: TensorTarget): void {
    const columns = windowEdges(region.x, region.width, out.width, 3);
    const rows = windowEdges(region.y, region.height, out.height, (this.width + 1) * 3);
    const plane = out.width * out.height;
    const bias = -mean / divisor;
    const sums = this.#sums;
    for (let j = 0, to = offset; j < out.height; j++) {
      const top = rows.from[j];
      const bottom = rows.to[j];
      for (let i = 0; i < out.width; i++, to++) {
        const a = top + columns.from[i];
        const b = top + columns.to[i];
        const c = bottom + columns.from[i];
        const d = bottom + columns.to[i];
        const gain = 1 / (rows.length[j] * columns.length[i] * divisor);
        data[to] = ((sums[d] - sums[c] - sums[b] + sums[a]) | 0) * gain + bias;
        data[to + plane] = ((sums[d + 1] - sums[c + 1] - sums[b + 1] + sums[a + 1]) | 0) * gain + bias;
        data[to + 2 * plane] = ((sums[d + 2] - sums[c + 2] - sums[b + 2] + sums[a + 2]) | 0) * gain + bias;
      }
    }
  }
}

/** The averaged windows along one axis: where the table's entries at both ends stand, and the length in pixels. */
interface WindowEdges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly length: Int32Array;
}

function windowEdges(start: number, inLength: number, outLength: number, stride: number): WindowEdges {
  const from = new Int32Array(outLength);
  const to = new Int32Array(outLength);
  const length = new Int32Array(outLength);
  for (let i = 0; i < outLength; i++) {
    const first = Math.floor((i * inLength) / outLength);
    const end = Math.ceil(((i + 1) * inLength) / outLength);
    from[i] = (start + first) * stride;
    to[i] = (start + end) * stride;
    length[i] = end - first;
  }
  return { from, to, length };
}
