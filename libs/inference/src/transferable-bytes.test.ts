import { describe, expect, it } from 'vitest';
import { transferableBytes } from './transferable-bytes.js';

describe('transferableBytes', () => {
  it('returns bytes that own their buffer without a copy', () => {
    const bytes = Buffer.alloc(100_000, 7);
    const owned = transferableBytes(bytes);
    expect(owned.buffer).toBe(bytes.buffer);
    expect(owned.byteLength).toBe(100_000);
  });

  it('copies a small Buffer out of the pool it shares', () => {
    const pooled = Buffer.from('a small photograph');
    expect(pooled.buffer.byteLength).toBeGreaterThan(pooled.byteLength);
    const owned = transferableBytes(pooled);
    expect(owned.buffer).not.toBe(pooled.buffer);
    expect(owned.buffer.byteLength).toBe(pooled.byteLength);
    expect(Buffer.from(owned).toString()).toBe('a small photograph');
  });

  it('copies a part of a larger buffer', () => {
    const part = Uint8Array.of(1, 2, 3, 4, 5).subarray(1, 4);
    const owned = transferableBytes(part);
    expect([...owned]).toEqual([2, 3, 4]);
    expect(owned.buffer.byteLength).toBe(3);
  });

  it('copies shared memory, which cannot be transferred', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(9);
    const owned = transferableBytes(shared);
    expect(owned.buffer).toBeInstanceOf(ArrayBuffer);
    expect([...owned]).toEqual([9, 9, 9, 9]);
  });

  it('accepts empty bytes', () => {
    expect(transferableBytes(new Uint8Array()).byteLength).toBe(0);
  });
});
