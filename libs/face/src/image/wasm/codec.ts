import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { boundMemory } from './bounded-memory.js';

/** Formats missing from sharp's build, each with a WebAssembly decoder. */
export type WasmFormat = 'heic' | 'jp2';

/**
 * Maximum memory of a decoder instance, in bytes: the file, working memory, and the pixels before scaling. With its
 * thread that makes 200 MB (decode-cost.ts).
 */
export const MAX_WASM_BYTES = 184 * 1024 * 1024;

const require = createRequire(import.meta.url);

const FILES: Readonly<Record<WasmFormat, string>> = {
  heic: 'libheif-js/libheif-wasm/libheif.wasm',
  jp2: '@cornerstonejs/codec-openjpeg/decodewasm',
};

const compiled = new Map<WasmFormat, WebAssembly.Module>();

/**
 * A decoder's module, compiled on first use, so a worker that never needs it does not pay for it. Instances in several
 * threads share it, including the engine's optimised code.
 */
export function compiledCodec(format: WasmFormat): WebAssembly.Module {
  const known = compiled.get(format);
  if (known !== undefined) return known;
  const module = new WebAssembly.Module(boundMemory(readFileSync(require.resolve(FILES[format])), MAX_WASM_BYTES));
  compiled.set(format, module);
  return module;
}
