import type { DetectorName } from '../detection/detectors.js';

/**
 * What is cut out around a face.
 *
 * - `square`: the level square of {@link LevelSquareCropper}.
 * - `reference`: what the established Python stack cuts out, see {@link PaddedBoxCropper}.
 */
export const CROP_RULES = ['square', 'reference'] as const;

export type CropRule = (typeof CROP_RULES)[number];

/** How faces are cut out. */
export interface CropOptions {
  readonly rule: CropRule;
  /** Margins of squares around each detector's boxes, as a share of the side. */
  readonly margins: Readonly<Record<DetectorName, number>>;
}
