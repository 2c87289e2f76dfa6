/** The tag of a photograph's orientation in EXIF. */
const ORIENTATION = 0x0112;

/** The first two letters of an EXIF block whose numbers have their least significant byte first. */
const LITTLE_ENDIAN = 0x4949;

/**
 * Whether a file is a WebP that its EXIF orientation turns or mirrors. The service does so, Chromium does not, and from
 * the size alone only quarter turns can be told.
 */
export async function isTurnedWebp(file: Blob): Promise<boolean> {
  if (letters(new DataView(await file.slice(0, 12).arrayBuffer()), 8) !== 'WEBP') return false;
  const bytes = new DataView(await file.arrayBuffer());
  // After the heading there are chunks: a name, a size, and as many bytes, of which there is always an even number.
  for (let at = 12; at + 8 <= bytes.byteLength;) {
    const size = bytes.getUint32(at + 4, true);
    const start = at + 8;
    if (letters(bytes, at) === 'EXIF' && start + size <= bytes.byteLength) {
      return orientationIn(new DataView(bytes.buffer, start, size)) > 1;
    }
    at = start + size + (size % 2);
  }
  return false;
}

/** The orientation in an EXIF block, 1 to 8; 1 if it has none, or is damaged. */
function orientationIn(exif: DataView): number {
  try {
    const start = letters(exif, 0) === 'Exif' ? 6 : 0;
    const isLittle = exif.getUint16(start) === LITTLE_ENDIAN;
    const directory = start + exif.getUint32(start + 4, isLittle);
    const entries = exif.getUint16(directory, isLittle);
    for (let entry = directory + 2; entry < directory + 2 + 12 * entries; entry += 12) {
      if (exif.getUint16(entry, isLittle) === ORIENTATION) return exif.getUint16(entry + 8, isLittle);
    }
  } catch {
    // It points beyond its end.
  }
  return 1;
}

/** Four bytes as letters; fewer at the end. */
const letters = ({ buffer, byteOffset, byteLength }: DataView, at: number): string =>
  String.fromCharCode(
    ...new Uint8Array(buffer, byteOffset + Math.min(at, byteLength), Math.min(4, Math.max(0, byteLength - at))),
  );
