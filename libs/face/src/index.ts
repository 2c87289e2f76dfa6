// Workers inherit the environment of the main thread, where the runtime looks for this when it is loaded.
import './runtime/no-telemetry.js';

export { Abandoned } from './checkpoint.js';
export { compareEmbeddings, type Similarity } from './comparison/similarity.js';
export { DEFAULT_THRESHOLD, isMatch, MAX_THRESHOLD, MIN_THRESHOLD } from './comparison/threshold.js';
export type { DetectedFace, DetectorModel, DetectorName, FaceDetector, Point } from './detection/face-detector.js';
export type { FaceQuery } from './detection/face-finder.js';
export { FACE_SELECTIONS, type FaceSelection } from './detection/face-selection.js';
export { embeddingStats, type EmbeddingStats } from './embedding/embedding-stats.js';
export { FACE_ERROR_CODES, FaceError, type FaceErrorCode } from './errors.js';
export type { FaceAnalyserOptions, FaceAnalysis, StageTimings } from './face-analyser.js';
export { type BoundingBox, roundBox, type Size } from './geometry/box.js';
export type { CropRule } from './image/crop.js';
export { FORMAT_NAMES } from './image/image-format.js';
export type { Batching, ExecutionProvider, RuntimeOptions } from './runtime/onnx-model.js';
