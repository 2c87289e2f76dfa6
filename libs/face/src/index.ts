// The runtime reads this setting from the environment when it loads; workers inherit it from the main thread.
import './runtime/no-telemetry.js';

export { Abandoned, type Checkpoint } from './checkpoint.js';
export type { Calibration, DetectorCalibration } from './comparison/calibration.js';
export {
  type FalseMatchRate,
  FalseMatchScale,
  MAX_FALSE_MATCH_RATE,
  MIN_FALSE_MATCH_RATE,
} from './comparison/false-match-scale.js';
export { readCalibration } from './comparison/read-calibration.js';
export { compareEmbeddings, type Similarity } from './comparison/similarity.js';
export {
  type Decision,
  DECISIONS,
  decide,
  isMatch,
  MAX_THRESHOLD,
  MIN_THRESHOLD,
  type ReviewBand,
} from './comparison/threshold.js';
export type { CropCorners } from './cropping/face-cropper.js';
export { CROP_RULES, type CropOptions, type CropRule } from './cropping/crop-rule.js';
export {
  CONFIRMING_MODEL,
  DETECTOR_NAMES,
  detectorOf,
  type DetectorName,
  DETECTORS,
  NETWORK_NAMES,
  type NetworkName,
  withHelpers,
} from './detection/detectors.js';
export type { DetectedFace } from './detection/face-detector.js';
export type { AllFacesQuery, FaceQuery } from './detection/face-finder.js';
export { FACE_SELECTIONS, type FaceSelection } from './detection/face-selection.js';
export type { DetectorPaths } from './detection/load-detectors.js';
export type { EmbedderModel } from './embedding/embedder.js';
export { embeddingStats, type EmbeddingStats } from './embedding/embedding-stats.js';
export { FACE_ERROR_CODES, FaceError, type FaceErrorCode } from './errors.js';
export type {
  AssessedFace,
  CroppedFace,
  EmbeddedFace,
  FaceAnalyserOptions,
  FaceAnalysis,
  FaceDetection,
  FaceEmbeddings,
  StageTimings,
} from './face-analyser.js';
export { type BoundingBox, boxArea, roundBox, type Size } from './geometry/box.js';
export { FORMAT_LIST, FORMAT_NAMES } from './image/image-format.js';
export type { FaceAssessment, FaceQuality } from './quality/face-quality.js';
export type { Pose } from './quality/pose.js';
export { FACE_WARNINGS, type FaceWarning } from './quality/warnings.js';
export type { Batching, ExecutionProvider, RuntimeOptions } from './runtime/onnx-model.js';
