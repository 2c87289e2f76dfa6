/*
 * What loads native libraries (image decoders, the ONNX Runtime). Apart from the index, so that a thread that only
 * compares embeddings and talks HTTP does not load them.
 */
export { FaceAnalyser } from './face-analyser.js';
export { OnnxModel } from './runtime/onnx-model.js';
