/** The bytes of a picture file: what `<input type="file">`, `fetch` and `readFile` return. */
export type Photograph = Blob | ArrayBuffer | ArrayBufferView;

/** Bytes that become base64 at a time: the arguments of a call are limited. */
const CHUNK = 0x8000;

/** @throws TypeError for anything else, such as a path */
export function toBlob(photograph: Photograph): Blob {
  if (photograph instanceof Blob) return photograph;
  if (photograph instanceof ArrayBuffer || ArrayBuffer.isView(photograph))
    return new Blob([photograph as Uint8Array<ArrayBuffer>]);
  throw new TypeError('a photograph must be a Blob, a File, an ArrayBuffer, or a typed array such as a Buffer');
}

/** Standard base64, in browsers without `Uint8Array.prototype.toBase64`, too. */
export async function toBase64(photograph: Photograph): Promise<string> {
  const bytes = new Uint8Array(await toBlob(photograph).arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}
