import { describe, expect, it } from 'vitest';
import { PixelKernels, withKernels } from './pixel-kernels.js';

describe('PixelKernels', () => {
  it('allocates memory that does not overlap, whatever its size', () => {
    withKernels((kernels) => {
      const first = kernels.put(new Uint8Array(1_000).fill(1));
      const second = kernels.put(new Uint8Array(3_000_000).fill(2));
      const third = kernels.put(Float32Array.of(3, 4));
      expect(kernels.bytes(first, 1_000).every((value) => value === 1)).toBe(true);
      expect(kernels.bytes(second, 3_000_000).every((value) => value === 2)).toBe(true);
      expect([...kernels.floats(third, 2)]).toEqual([3, 4]);
    });
  });

  it('copies only the view of a larger buffer', () => {
    withKernels((kernels) => {
      const view = Uint8Array.of(9, 9, 1, 2, 3, 9).subarray(2, 5);
      const pointer = kernels.put(view);
      expect([...kernels.bytes(pointer, 3)]).toEqual([1, 2, 3]);
    });
  });

  it('frees what a task has allocated, even if it fails', () => {
    withKernels((kernels) => {
      const before = kernels.allocate(10);
      const used = kernels.scratch(() => kernels.allocate(100));
      const failing = (): never => {
        throw new Error(`no use for ${kernels.allocate(100)}`);
      };
      expect(() => kernels.scratch(failing)).toThrow('no use');
      expect(kernels.allocate(100)).toBe(used);
      expect(used).toBeGreaterThan(before);
    });
  });

  it('reuses memory for successive tasks and does not grow', () => {
    const kernels = PixelKernels.take();
    kernels.allocate(5_000_000);
    const size = kernels.run.memory.buffer.byteLength;
    kernels.release();
    for (let round = 0; round < 50; round++) withKernels((next) => next.allocate(5_000_000));
    withKernels((next) => {
      expect(next).toBe(kernels);
      expect(next.run.memory.buffer.byteLength).toBe(size);
    });
  });

  it('gives concurrent tasks separate memory', () => {
    withKernels((outer) => {
      withKernels((inner) => {
        expect(inner).not.toBe(outer);
      });
    });
  });
});
