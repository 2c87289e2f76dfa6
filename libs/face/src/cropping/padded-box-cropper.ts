import { detectorOf } from '../detection/detectors.js';
import type { DetectedFace } from '../detection/face-detector.js';
import { type EmbedderInput, inputTensor } from '../embedding/embedder.js';
import type { BoundingBox, Size } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';
import { resample, type ResampleFilter } from '../image/resample.js';
import type { Region } from '../image/rgb-image.js';
import { workingPixel } from '../image/working-size.js';
import type { CropCorners, FaceCropper } from './face-cropper.js';

/** How a box is padded and scaled to the embedder's input. */
export interface PaddedBox {
  /** On every side, in pixels of a photograph of the working size. */
  readonly padding: number;
  readonly filter: ResampleFilter;
}

/**
 * Crops the bounding box of a face, padded and stretched to a square, as the established Python stack does with each
 * detector's padding.
 */
export class PaddedBoxCropper implements FaceCropper {
  constructor(private readonly input: EmbedderInput) {}

  crop(face: DetectedFace, photograph: Photograph): Float32Array {
    const { side, normalisation } = this.input;
    const { filter } = detectorOf(face.foundBy).crop.reference;
    const region = this.#region(face, photograph);
    const data = inputTensor(this.input);
    resample(photograph, region, { width: side, height: side }, filter, normalisation, { data, offset: 0 });
    return data;
  }

  corners(face: DetectedFace, photograph: Size): CropCorners {
    const { x, y, width, height } = this.#region(face, photograph);
    return [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
  }

  #region({ box, foundBy }: DetectedFace, photograph: Size): Region {
    const { padding } = detectorOf(foundBy).crop.reference;
    return paddedRegion(box, photograph, padding * workingPixel(photograph));
  }
}

/**
 * The box padded on every side and clipped to the photograph, of any aspect ratio; never empty.
 *
 * @param box in pixels of the photograph
 * @param padding in pixels of the photograph
 */
export function paddedRegion(box: BoundingBox, { width, height }: Size, padding: number): Region {
  const x = clamp(Math.trunc(box.x1 - padding), 0, width - 1);
  const y = clamp(Math.trunc(box.y1 - padding), 0, height - 1);
  return {
    x,
    y,
    width: clamp(Math.trunc(box.x2 + padding), x + 1, width) - x,
    height: clamp(Math.trunc(box.y2 + padding), y + 1, height) - y,
  };
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
