import type { DetectorName } from '../detection/detectors.js';

/**
 * How a face is cropped.
 *
 * - `square`: the level square of {@link LevelSquareCropper}.
 * - `reference`: the crop of the established Python stack, see {@link PaddedBoxCropper}.
 */
export const CROP_RULES = ['square', 'reference'] as const;

export type CropRule = (typeof CROP_RULES)[number];

/** How faces are cropped. */
export interface CropOptions {
  readonly rule: CropRule;
  /** Margin of the square around each detector's boxes, as a fraction of its side. */
  readonly margins: Readonly<Record<DetectorName, number>>;
}
