/*
 * The exports that load native libraries (image decoders, the ONNX Runtime). Separate from the index, so that the HTTP
 * thread, which only compares embeddings, does not load them.
 */
export { FaceAnalyser } from './face-analyser.js';
export { OnnxModel } from './runtime/onnx-model.js';
