import type { CropRule } from '../cropping/crop-rule.js';
import type { DetectorName } from '../detection/detectors.js';

/** Identifies the file format. */
export const CALIBRATION_FORMAT = 'face-comparison calibration';
export const CALIBRATION_VERSION = 1;

/** The contents of a calibration file; docs/calibration.md explains every field. */
export interface Calibration {
  readonly format: typeof CALIBRATION_FORMAT;
  readonly version: typeof CALIBRATION_VERSION;
  /** The model that computed the embeddings. */
  readonly embedder: CalibratedEmbedder;
  readonly crop_rule: CropRule;
  readonly detectors: Readonly<Partial<Record<DetectorName, DetectorCalibration>>>;
}

/** The model of a calibration, as in the manifest. */
export interface CalibratedEmbedder {
  readonly weights: string;
  readonly precision: string;
  /** Of the model's file. */
  readonly sha256: string;
}

/** How impostor pairs, photographs of two different people, score with one detector. */
export interface DetectorCalibration {
  /** Margin around the detector's boxes, as a share of the side. */
  readonly crop_margin: number;
  /** Different people, if known. */
  readonly people?: number;
  /** Their photographs, if known. */
  readonly photographs?: number;
  readonly impostor_pairs: number;
  /** From the highest score to the lowest. */
  readonly false_match_rates: readonly FalseMatchRow[];
}

/**
 * Of all impostor pairs, `pairs` score higher than the next row's similarity; `low` and `high` are the 95 % interval of
 * that share. The row applies to similarities up to its own and above the next row's.
 */
export type FalseMatchRow = readonly [similarity: number, pairs: number, low: number, high: number];
