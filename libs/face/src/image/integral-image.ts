import type { Size } from '../geometry/box.js';
import { PixelKernels } from './pixel-kernels.js';
import type { Region, RgbImage } from './rgb-image.js';
import type { PixelNormalisation, TensorTarget } from './tensor.js';

/** Bytes per entry: red, green and blue as int32. */
const ENTRY_BYTES = 12;

/** Bytes of scratch space per averaged column. */
const COLUMN_BYTES = 12;

/**
 * The summed-area table of an image (Crow 1984): entry (x, y) is the sum of all pixels left of and above it, per
 * channel, so the mean of any rectangle takes four look-ups.
 *
 * MTCNN averages the whole photograph many times; with the table, the coarse levels of its pyramid and the patches of
 * its later stages cost next to nothing. A table belongs to one photograph and must be released.
 */
export class IntegralImage implements Size {
  readonly width: number;
  readonly height: number;
  readonly #kernels = PixelKernels.take();
  /**
   * (height + 1) rows of (width + 1) × 3 sums; the first row and column are zeros. Beyond 8 megapixels the sums wrap
   * around, which cancels out in the difference for a window.
   */
  readonly #table: number;

  constructor({ pixels, width, height }: RgbImage) {
    this.width = width;
    this.height = height;
    this.#table = this.#kernels.allocate((width + 1) * (height + 1) * ENTRY_BYTES);
    this.#kernels.scratch(() => {
      this.#kernels.run.sumAreas(this.#kernels.put(pixels), width, height, this.#table);
    });
  }

  /** Frees the table's memory for the next photograph. The table must not be used afterwards. */
  release(): void {
    this.#kernels.release();
  }

  /**
   * Averages a region of whole pixels down to `out` like PyTorch's `interpolate(mode='area')`: output pixel i is the
   * mean of the pixels in [⌊i·n/m⌋, ⌈(i+1)·n/m⌉) along each axis. It may also enlarge.
   */
  average(region: Region, out: Size, { mean, divisor }: PixelNormalisation, { data, offset }: TensorTarget): void {
    const { x, y, width, height } = region;
    const kernels = this.#kernels;
    const length = 3 * out.width * out.height;
    kernels.scratch(() => {
      const columns = kernels.allocate(out.width * COLUMN_BYTES);
      const planes = kernels.allocateFloats(length);
      kernels.run.averageAreas(
        this.#table,
        this.width,
        x,
        y,
        width,
        height,
        out.width,
        out.height,
        1 / divisor,
        -mean / divisor,
        columns,
        planes,
      );
      data.set(kernels.floats(planes, length), offset);
    });
  }
}
