import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { boundMemory } from './bounded-memory.js';

const wasm = readFileSync(createRequire(import.meta.url).resolve('@cornerstonejs/codec-openjpeg/decodewasm'));
const MEGABYTE = 1024 * 1024;

const isMemory = (value: unknown): value is WebAssembly.Memory =>
  typeof value === 'object' &&
  value !== null &&
  'grow' in value &&
  'buffer' in value &&
  value.buffer instanceof ArrayBuffer;

/** The module's memory; its imports are functions that are never called. */
function memoryOf(bytes: Uint8Array): WebAssembly.Memory {
  const callAnything: object = new Proxy({}, { get: () => () => 0 });
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(bytes),
    new Proxy({}, { get: () => callAnything }),
  );
  const memory = Object.values<unknown>(exports as Record<string, unknown>).find(isMemory);
  if (memory === undefined) throw new Error('expected a memory');
  return memory;
}

it('lets memory grow up to the limit and not one page further', () => {
  const memory = memoryOf(boundMemory(wasm, 64 * MEGABYTE));
  const pages = (64 * MEGABYTE - memory.buffer.byteLength) / 65_536;
  expect(pages).toBeGreaterThan(0);
  expect(() => memory.grow(pages + 1)).toThrow(RangeError);
  memory.grow(pages);
  expect(memory.buffer.byteLength).toBe(64 * MEGABYTE);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

it('does not change its input', () => {
  const before = Buffer.from(wasm);
  boundMemory(wasm, 64 * MEGABYTE);
  expect(before.equals(wasm)).toBe(true);
});

it('rejects a module without a memory that has a limit', () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const unlimited = Uint8Array.of(...empty, 5, 3, 1, 0, 1);
  for (const module of [empty, unlimited]) {
    expect(() => boundMemory(module, MEGABYTE)).toThrow('expected a module with one memory that has a limit');
  }
});
