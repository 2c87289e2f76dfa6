import { START_OF_SCAN } from './jpeg-scans.js';

/**
 * Removes stray bytes between the marker segments of a JPEG, up to its first scan. Some phones and editors leave them
 * there, and viewers skip them. The decoder does too, but it reports the file as corrupt, and it obeys any apparent
 * marker among them: the last bytes of a thumbnail longer than its segment end the picture before it starts.
 *
 * Extra bytes in scan data are different: they mean that the decoded picture is wrong.
 *
 * @returns the file itself if there are none, or if it is invalid even without them
 */
export function withoutStrayBytes(bytes: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  let copied = 0;
  for (let at = 2; at < bytes.length;) {
    const next = isSegment(bytes, at) ? at : nextSegment(bytes, at);
    if (next === undefined) return bytes;
    // Any number of 0xff may precede a marker.
    if (bytes.subarray(at, next).some((byte) => byte !== 0xff)) {
      if (kept.length === MAX_GAPS) return bytes;
      kept.push(bytes.subarray(copied, at));
      copied = next;
    }
    if (bytes[next + 1] === START_OF_SCAN) break;
    at = segmentEnd(bytes, next);
  }
  return copied === 0 ? bytes : Buffer.concat([...kept, bytes.subarray(copied)]);
}

/** The markers allowed before a scan: frames, tables, restart interval, application segments, comments. */
const isMarker = (code: number): boolean =>
  (code >= 0xc0 && code <= 0xcf && code !== 0xc8) ||
  (code >= 0xda && code <= 0xdf) ||
  (code >= 0xe0 && code <= 0xef) ||
  code === 0xfe;

const segmentEnd = (bytes: Uint8Array, at: number): number => at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);

/** Whether a segment with a valid marker and length starts here. */
function isSegment(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0xff || !isMarker(bytes[at + 1])) return false;
  const length = segmentEnd(bytes, at) - at - 2;
  if (length < 2 || at + 2 + length >= bytes.length) return false;
  // A scan has one to four components.
  return (
    bytes[at + 1] !== START_OF_SCAN || (length === 6 + 2 * bytes[at + 4] && bytes[at + 4] >= 1 && bytes[at + 4] <= 4)
  );
}

/** The offset of the next segment soon followed by another marker, which false ones among stray bytes hardly are. */
function nextSegment(bytes: Uint8Array, from: number): number | undefined {
  const end = Math.min(bytes.length, from + MAX_STRAY_BYTES);
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at < end; at = bytes.indexOf(0xff, at + 1)) {
    if (!isSegment(bytes, at)) continue;
    const segmentTo = segmentEnd(bytes, at);
    if (bytes[at + 1] === START_OF_SCAN || bytes.subarray(segmentTo, segmentTo + SOON).includes(0xff)) return at;
  }
  return undefined;
}

/** Maximum number of gaps with stray bytes; a file with more is left to the decoder, which rejects it. */
const MAX_GAPS = 100;

/** In bytes. */
const SOON = 64;

/** Maximum between two segments; more than this is not accidental. */
const MAX_STRAY_BYTES = 65_536;
