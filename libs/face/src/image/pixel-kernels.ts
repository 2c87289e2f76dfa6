import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The exports of kernels/index.ts. Pointers are byte offsets into `memory`. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  sumAreas(pixels: number, width: number, height: number, table: number): void;
  averageAreas(
    table: number,
    imageWidth: number,
    x: number,
    y: number,
    width: number,
    height: number,
    outWidth: number,
    outHeight: number,
    gain: number,
    bias: number,
    columns: number,
    out: number,
  ): void;
  resample(
    pixels: number,
    width: number,
    columnFirst: number,
    columnStart: number,
    columnWeights: number,
    rowFirst: number,
    rowStart: number,
    rowWeights: number,
    outWidth: number,
    outHeight: number,
    gain: number,
    bias: number,
    line: number,
    out: number,
  ): void;
  sampleBilinear(
    pixels: number,
    rows: number,
    rowCount: number,
    columns: number,
    columnCount: number,
    side: number,
    out: number,
  ): void;
  repeatEdges(
    pixels: number,
    width: number,
    height: number,
    left: number,
    top: number,
    insideWidth: number,
    insideHeight: number,
  ): void;
  shrink(
    pixels: number,
    width: number,
    height: number,
    left: number,
    top: number,
    factor: number,
    outWidth: number,
    outHeight: number,
    line: number,
    out: number,
  ): void;
  sampleTurned(
    pixels: number,
    rowBytes: number,
    startX: number,
    startY: number,
    stepX: number,
    stepY: number,
    columnWeights: number,
    pairs: number,
    rowWeights: number,
    taps: number,
    side: number,
    bias: number,
    out: number,
  ): void;
}

const PAGE_BYTES = 65_536;

/** Alignment of allocations, so that no vector straddles a cache line unnecessarily. */
const ALIGNMENT = 16;

/** The kernels access up to this many bytes past their data. */
const SPARE_BYTES = 16;

const wasm = new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('#face/kernels')));

/** Instances not currently in use. */
const idle: PixelKernels[] = [];

/**
 * An instance of the pixel loops (kernels/) with its own memory, which is allocated from the bottom up and freed as a
 * whole. It grows with the largest photograph (16 MB at the working size) and is reused for the next: new memory for
 * every photograph would cost more than the loops themselves.
 */
export class PixelKernels {
  readonly run = new WebAssembly.Instance(wasm).exports as KernelExports;
  #end = ALIGNMENT;

  /** Takes an idle instance. Return it with {@link release}. */
  static take(): PixelKernels {
    return idle.pop() ?? new PixelKernels();
  }

  release(): void {
    this.#end = ALIGNMENT;
    idle.push(this);
  }

  /** Allocates uninitialised memory. @returns a pointer to it */
  allocate(bytes: number): number {
    const start = this.#end;
    this.#end = Math.ceil((start + bytes + SPARE_BYTES) / ALIGNMENT) * ALIGNMENT;
    const missing = this.#end - this.run.memory.buffer.byteLength;
    if (missing > 0) this.run.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return start;
  }

  /** Allocates uninitialised floats. @returns a pointer to them */
  allocateFloats(length: number): number {
    return this.allocate(length * Float32Array.BYTES_PER_ELEMENT);
  }

  /** Copies values in. @returns a pointer to them */
  put(values: Uint8Array | Int16Array | Int32Array | Float32Array): number {
    const start = this.allocate(values.byteLength);
    this.bytes(start, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return start;
  }

  /** The bytes at a pointer; valid until the next allocation. */
  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.run.memory.buffer, pointer, length);
  }

  /** The floats at a pointer; valid until the next allocation. */
  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.run.memory.buffer, pointer, length);
  }

  /** Runs a task and frees what it allocates. */
  scratch<T>(task: () => T): T {
    const end = this.#end;
    try {
      return task();
    } finally {
      this.#end = end;
    }
  }
}

/** Runs a task with an exclusive instance. */
export function withKernels<T>(task: (kernels: PixelKernels) => T): T {
  const kernels = PixelKernels.take();
  try {
    return task(kernels);
  } finally {
    kernels.release();
  }
}
