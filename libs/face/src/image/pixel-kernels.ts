import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What kernels/index.ts exports. Pointers are byte offsets into `memory`. */
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

/** Everything starts at a multiple of this, so that no vector straddles a cache line without need. */
const ALIGNMENT = 16;

/** The kernels touch up to this much behind their data. */
const SPARE_BYTES = 16;

const wasm = new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('#face/kernels')));

/** Instances that nobody uses at the moment. */
const idle: PixelKernels[] = [];

/**
 * The loops over pixels (kernels/), with memory of their own that is handed out from the bottom up and taken back as a
 * whole. It grows with the largest photograph (16 MB at the working size) and is used again for the next one, which
 * overwrites it: fresh memory for every photograph costs more than the loops themselves.
 */
export class PixelKernels {
  readonly run = new WebAssembly.Instance(wasm).exports as KernelExports;
  #end = ALIGNMENT;

  /** Hands out kernels whose memory is free. Give them back with {@link release}. */
  static take(): PixelKernels {
    return idle.pop() ?? new PixelKernels();
  }

  release(): void {
    this.#end = ALIGNMENT;
    idle.push(this);
  }

  /** @returns where there is room for so many bytes; what lies there is left from before */
  allocate(bytes: number): number {
    const start = this.#end;
    this.#end = Math.ceil((start + bytes + SPARE_BYTES) / ALIGNMENT) * ALIGNMENT;
    const missing = this.#end - this.run.memory.buffer.byteLength;
    if (missing > 0) this.run.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return start;
  }

  /** @returns where there is room for so many floats */
  allocateFloats(length: number): number {
    return this.allocate(length * Float32Array.BYTES_PER_ELEMENT);
  }

  /** Copies values in. @returns where they are */
  put(values: Uint8Array | Int16Array | Int32Array | Float32Array): number {
    const start = this.allocate(values.byteLength);
    this.bytes(start, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return start;
  }

  /** The bytes at a pointer; good until the next allocation. */
  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.run.memory.buffer, pointer, length);
  }

  /** The floats at a pointer; good until the next allocation. */
  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.run.memory.buffer, pointer, length);
  }

  /** Runs a task and takes back what it allocates. */
  scratch<T>(task: () => T): T {
    const end = this.#end;
    try {
      return task();
    } finally {
      this.#end = end;
    }
  }
}

/** Runs a task with kernels of its own. */
export function withKernels<T>(task: (kernels: PixelKernels) => T): T {
  const kernels = PixelKernels.take();
  try {
    return task(kernels);
  } finally {
    kernels.release();
  }
}
