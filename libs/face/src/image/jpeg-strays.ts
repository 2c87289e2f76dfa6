import { START_OF_SCAN } from './jpeg-scans.js';

/**
 * Takes stray bytes out of a JPEG that lie between its marker segments, up to its first scan. Some phones and editors leave
 * them there, and viewers skip them. The decoder does so too, but it says that the file is corrupt, and it believes what looks
 * like a marker among them: the last bytes of a thumbnail that lies behind its segment end the picture before it starts.
 *
 * Bytes that are left over in the data of a scan are another thing: it was decoded to something else than it was written from.
 *
 * @returns the file itself where there are none, or where it makes no sense without them either
 */
export function withoutStrayBytes(bytes: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  let copied = 0;
  for (let at = 2; at < bytes.length;) {
    const next = isSegment(bytes, at) ? at : nextSegment(bytes, at);
    if (next === undefined) return bytes;
    // Any number of 0xff may stand before a marker.
    if (bytes.subarray(at, next).some((byte) => byte !== 0xff)) {
      kept.push(bytes.subarray(copied, at));
      copied = next;
    }
    if (bytes[next + 1] === START_OF_SCAN) break;
    at = segmentEnd(bytes, next);
  }
  return copied === 0 ? bytes : Buffer.concat([...kept, bytes.subarray(copied)]);
}

/** The markers that may stand before a scan: frames, tables, restart interval, applications' segments, comments. */
const isMarker = (code: number): boolean =>
  (code >= 0xc0 && code <= 0xcf && code !== 0xc8) ||
  (code >= 0xda && code <= 0xdf) ||
  (code >= 0xe0 && code <= 0xef) ||
  code === 0xfe;

const segmentEnd = (bytes: Uint8Array, at: number): number => at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);

/** Whether a segment with a marker and a length that makes sense starts here. */
function isSegment(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0xff || !isMarker(bytes[at + 1])) return false;
  const length = segmentEnd(bytes, at) - at - 2;
  if (length < 2 || at + 2 + length >= bytes.length) return false;
  // A scan has one to four components.
  return (
    bytes[at + 1] !== START_OF_SCAN || (length === 6 + 2 * bytes[at + 4] && bytes[at + 4] >= 1 && bytes[at + 4] <= 4)
  );
}

/** The place of the next segment that another marker follows soon; what looks like one among stray bytes hardly does. */
function nextSegment(bytes: Uint8Array, from: number): number | undefined {
  const end = Math.min(bytes.length, from + MAX_STRAY_BYTES);
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at < end; at = bytes.indexOf(0xff, at + 1)) {
    if (!isSegment(bytes, at)) continue;
    const behind = segmentEnd(bytes, at);
    if (bytes[at + 1] === START_OF_SCAN || bytes.subarray(behind, behind + SOON).includes(0xff)) return at;
  }
  return undefined;
}

/** In bytes. */
const SOON = 64;

/** Between two segments; what is more is no oversight. */
const MAX_STRAY_BYTES = 65_536;
