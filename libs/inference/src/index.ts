export { hasFastInt8 } from './cpu-features.js';
export { InferenceError, type InferenceErrorCode, type PhotographFailure } from './inference-error.js';
export { InferencePool, type InferencePoolOptions, type Outcome } from './inference-pool.js';
export {
  type EmbedderPrecision,
  type ModelEntry,
  type ModelSelection,
  type ModelSet,
  openModels,
} from './model-store.js';
