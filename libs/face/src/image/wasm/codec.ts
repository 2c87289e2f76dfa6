import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { boundMemory } from './bounded-memory.js';

/** Formats that sharp's build does not read, each with a decoder in WebAssembly. */
export type WasmFormat = 'heic' | 'jp2';

/**
 * The most memory an instance of a decoder may have, in bytes: the file, what it works with, and its pixels before they
 * are scaled. With the thread around it that is 200 MB (decode-cost.ts).
 */
export const MAX_WASM_BYTES = 184 * 1024 * 1024;

const require = createRequire(import.meta.url);

const FILES: Readonly<Record<WasmFormat, string>> = {
  heic: 'libheif-js/libheif-wasm/libheif.wasm',
  jp2: '@cornerstonejs/codec-openjpeg/decodewasm',
};

const compiled = new Map<WasmFormat, WebAssembly.Module>();

/**
 * A decoder's module, compiled when the first photograph of its format comes: a worker that sees none spends nothing on it.
 * Instances in several threads share it, and what the engine has optimised of it.
 */
export function compiledCodec(format: WasmFormat): WebAssembly.Module {
  const known = compiled.get(format);
  if (known !== undefined) return known;
  const module = new WebAssembly.Module(boundMemory(readFileSync(require.resolve(FILES[format])), MAX_WASM_BYTES));
  compiled.set(format, module);
  return module;
}
