export {
  type ClientOptions,
  type ComparisonOptions,
  type DetectionOptions,
  type EmbeddingCandidate,
  type EmbeddingOptions,
  FaceComparisonClient,
  type ManyOptions,
  type RequestOptions,
} from './client.js';
export { type ClientErrorCode, FaceComparisonError, type FaceComparisonErrorCode } from './error.js';
export type { Photograph } from './photograph.js';
export type { components, operations, paths } from './schema.js';
