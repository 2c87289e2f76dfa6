/**
 * Bytes that own their whole ArrayBuffer, so that they can be transferred to another thread instead of copied.
 *
 * Node cuts small Buffers out of a shared pool; transferring one of those would take the pool, and every other Buffer
 * in it, along. Those are copied here; they are a few kilobytes.
 */
export function transferableBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}
