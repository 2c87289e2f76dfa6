/** The signature of a PNG. */
const SIGNATURE_BYTES = 8;

/** Length, type and checksum of a chunk. */
const CHUNK_BYTES = 12;

/** Text chunks, plain or compressed: a hundred kilobytes can decompress to gigabytes as soon as the header is read. */
const TEXTS: ReadonlySet<string> = new Set(['tEXt', 'zTXt', 'iTXt']);

/**
 * Removes the text chunks of a PNG (https://www.w3.org/TR/png-3/#11textinfo), which are not needed. Invalid data is
 * left unchanged for the decoder to reject.
 *
 * @returns the file itself if there are none
 */
export function withoutTexts(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const kept: Uint8Array[] = [];
  let from = 0;
  for (let at = SIGNATURE_BYTES; at + CHUNK_BYTES <= png.length;) {
    const end = at + CHUNK_BYTES + view.getUint32(at);
    const type = String.fromCharCode(png[at + 4], png[at + 5], png[at + 6], png[at + 7]);
    if (TEXTS.has(type)) {
      kept.push(png.subarray(from, at));
      from = Math.min(end, png.length);
    }
    at = end;
  }
  return from === 0 ? png : Buffer.concat([...kept, png.subarray(from)]);
}
