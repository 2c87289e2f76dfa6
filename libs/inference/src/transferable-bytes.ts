/**
 * Bytes that own their whole ArrayBuffer, so that they can be transferred to another thread instead of copied.
 *
 * Node allocates small Buffers from a shared pool; transferring one would also transfer the pool with every other
 * Buffer in it. Those, a few kilobytes each, are copied.
 */
export function transferableBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}
