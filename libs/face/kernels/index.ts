/*
 * The loops over pixels, in AssemblyScript (TypeScript's syntax, WebAssembly's types and SIMD). src/image/pixel-kernels.ts
 * gives them memory; pointers and lengths are in bytes. Pixels are read and written four lanes at a time though they have
 * three channels, so whatever is read or written needs 16 bytes to spare behind it.
 */
export { averageAreas, sumAreas } from './integral-image';
export { sampleBilinear } from './letterbox';
export { repeatEdges } from './repeat-edges';
export { resample } from './resample';
export { shrink } from './shrink';
export { sampleTurned } from './turned-square';
