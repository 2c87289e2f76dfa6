export { hasFastInt8 } from './cpu-features.js';
export { chooseProvider, type ProviderDecision, type WantedProvider } from './execution-provider.js';
export { InferenceError, type InferenceErrorCode, type PhotographFailure } from './inference-error.js';
export { InferencePool, type InferencePoolOptions, type TaskResult } from './inference-pool.js';
export { type EmbedderEntry, type ModelEntry, readManifests } from './manifest.js';
export {
  type EmbedderPrecision,
  type ModelFileState,
  modelFileState,
  type ModelSelection,
  type ModelSet,
  openModels,
} from './model-store.js';
export { SLOTS, type Task, type TaskKind } from './task.js';
