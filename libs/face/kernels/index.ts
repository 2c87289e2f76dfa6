/*
 * The pixel loops, in AssemblyScript (TypeScript syntax, WebAssembly types and SIMD). src/image/pixel-kernels.ts
 * allocates their memory; pointers and lengths are in bytes. Pixels have three channels but are read and written four
 * lanes at a time, so every buffer needs 16 spare bytes at its end.
 */
export { averageAreas, sumAreas } from './integral-image';
export { sampleBilinear } from './letterbox';
export { repeatEdges } from './repeat-edges';
export { resample } from './resample';
export { shrink } from './shrink';
export { sampleTurned } from './turned-square';
