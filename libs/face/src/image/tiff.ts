import { FaceError } from '../errors.js';
import { MAX_SCANNED_PIXELS, readJpegScans } from './jpeg-scans.js';
import { unsupported } from './unsupported-format.js';

/** The storage of a TIFF's first page, as far as it affects the cost of decoding. */
export interface TiffLayout {
  /** Bytes per pixel with all its samples. */
  readonly bytesPerPixel: number;
  /** Decompressed bytes of a strip or row of tiles that the decoder holds whole; 0 if it decodes row by row. */
  readonly heldBytes: number;
  /** Minimum size of the complete page; 0 if compressed. */
  readonly minBytes: number;
}

/** Maximum number of pages: the decoder library looks up every one, 80,000 in 2.7 s. */
const MAX_PAGES = 1000;

/** Real directories have a few dozen entries; they are read one by one. */
const MAX_ENTRIES = 4096;

/** The tags used here (TIFF 6.0, DNG 1.7). */
const TAG = {
  newSubfileType: 254,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subDirectories: 330,
  dngVersion: 50_706,
} as const;

/** Colour filter arrays and linear raw: sensor data. */
const RAW_PHOTOMETRICS = new Set([32_803, 34_892]);

const UNCOMPRESSED = 1;
const JPEG = 7;

/** The JPEG compression of TIFF 6.0, abandoned in 1995; its decoder is the library's least trusted part. */
const OLD_JPEG = 6;

/** None, LZW and both numbers of Deflate. */
const UNPACKED_BY_ROWS = new Set([UNCOMPRESSED, 5, 8, 32_946]);

/** The compressions in the decoder library's build: those, CCITT (2 to 4), JPEG and PackBits. */
const COMPRESSIONS: ReadonlySet<number> = new Set([...UNPACKED_BY_ROWS, 2, 3, 4, JPEG, 32_773]);

/** CIELAB and its two variants. */
const CIE_LAB = new Set([8, 9, 10]);

/** Bytes per value, by type: BYTE, ASCII, SHORT, LONG, RATIONAL and so on. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/**
 * Reads how the first page of a TIFF is stored (TIFF 6.0; BigTIFF), and rejects files that no scanner or editor writes.
 *
 * Invalid tags are left to the decoder.
 *
 * @throws FaceError UNREADABLE_IMAGE if there is no directory of tags, TOO_MANY_PIXELS if there are too many or the
 *   JPEGs inside have too many scans, UNSUPPORTED_FORMAT for camera raw files and old-style JPEG
 */
export function readTiffLayout(bytes: Uint8Array): TiffLayout {
  const page = new TiffFile(bytes).firstPage();
  if (isCr2(bytes) || isCameraRaw(page)) throw unsupported('CAMERA_RAW');
  const compression = page.number(TAG.compression, 1);
  if (compression === OLD_JPEG) throw unsupported('OLD_JPEG_TIFF');
  if (!COMPRESSIONS.has(compression) || CIE_LAB.has(page.number(TAG.photometric, 0))) throw unsupported('TIFF_KIND');
  const width = page.number(TAG.imageWidth, 0);
  const height = page.number(TAG.imageLength, 0);
  const bitsPerPixel = page.number(TAG.samplesPerPixel, 1) * page.number(TAG.bitsPerSample, 1);
  const bytesPerPixel = Math.ceil(bitsPerPixel / 8);
  const isTiled = page.has(TAG.tileLength);
  const rows = isTiled ? page.number(TAG.tileLength, height) : Math.min(height, page.number(TAG.rowsPerStrip, height));
  const columns = isTiled ? page.number(TAG.tileWidth, width) : width;
  if (compression === JPEG) checkJpegs(bytes, page, isTiled, rows * columns);
  const goesByRows = !isTiled && UNPACKED_BY_ROWS.has(compression) && page.number(TAG.planarConfiguration, 1) === 1;
  return {
    bytesPerPixel,
    heldBytes: goesByRows ? 0 : rows * Math.max(width, columns) * bytesPerPixel,
    minBytes: compression === UNCOMPRESSED ? Math.floor((width * height * bitsPerPixel) / 8) : 0,
  };
}

/** The orientation in the directory of an EXIF segment: 1 if it has none; undefined if there is no directory. */
export function readOrientation(exif: Uint8Array): number | undefined {
  try {
    return new TiffFile(exif).firstPage().number(TAG.orientation, 1);
  } catch {
    return undefined;
  }
}

/** Canon raw files have "CR" after the header. */
const isCr2 = (bytes: Uint8Array): boolean => bytes[8] === 0x43 && bytes[9] === 0x52;

/** The first page of a raw file is a reduced copy; the picture itself is in a subdirectory. */
function isCameraRaw(page: Directory): boolean {
  const isReduced = (page.number(TAG.newSubfileType, 0) & 1) === 1;
  return (
    page.has(TAG.dngVersion) ||
    (isReduced && page.has(TAG.subDirectories)) ||
    RAW_PHOTOMETRICS.has(page.number(TAG.photometric, 0))
  );
}

/**
 * Limits the scans in the JPEGs of all strips or tiles.
 *
 * @param pixels per strip or tile
 */
function checkJpegs(bytes: Uint8Array, page: Directory, isTiled: boolean, pixels: number): void {
  const offsets = page.numbers(isTiled ? TAG.tileOffsets : TAG.stripOffsets);
  const lengths = page.numbers(isTiled ? TAG.tileByteCounts : TAG.stripByteCounts);
  let unread = 2 * bytes.byteLength;
  let scans = 0;
  for (const [i, offset] of offsets.entries()) {
    const jpeg = bytes.subarray(offset, offset + (lengths[i] ?? 0));
    unread -= jpeg.byteLength;
    // Otherwise strips that share their bytes could be scanned over and over.
    if (unread < 0) throw damagedHeader();
    scans += readJpegScans(jpeg).scans;
  }
  const most = Math.max(offsets.length, Math.floor(MAX_SCANNED_PIXELS / pixels));
  if (scans > most) throw new FaceError('TOO_MANY_PIXELS', `has ${scans} JPEG scans; at most ${most} are accepted`);
}

const damagedHeader = (): FaceError => new FaceError('UNREADABLE_IMAGE', 'has a damaged header (TIFF)');

/** Numbers in the byte order of the file; 0 past its end. */
class TiffFile {
  readonly #view: DataView;
  readonly #isLittleEndian: boolean;
  /** BigTIFF, with 64-bit offsets and counts. */
  readonly isBig: boolean;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isLittleEndian = bytes[0] === LITTLE_ENDIAN;
    this.isBig = this.number(2, 2) === BIG_TIFF;
  }

  /** @param size of the number in bytes: 1, 2, 4 or 8 */
  number(at: number, size: number): number {
    if (at + size > this.#view.byteLength) return 0;
    switch (size) {
      case 1:
        return this.#view.getUint8(at);
      case 2:
        return this.#view.getUint16(at, this.#isLittleEndian);
      case 4:
        return this.#view.getUint32(at, this.#isLittleEndian);
      default:
        return Number(this.#view.getBigUint64(at, this.#isLittleEndian));
    }
  }

  get bytes(): number {
    return this.#view.byteLength;
  }

  get offsetBytes(): number {
    return this.isBig ? 8 : 4;
  }

  firstPage(): Directory {
    const start = this.isBig ? this.number(8, 8) : this.number(4, 4);
    let pages = 0;
    for (let at = start; at !== 0; at = this.#nextDirectory(at)) {
      if (++pages > MAX_PAGES) {
        throw new FaceError('TOO_MANY_PIXELS', `has more than ${MAX_PAGES} pages; send the one with the face`);
      }
    }
    if (pages === 0 || this.entries(start) === 0) throw damagedHeader();
    return new Directory(this, start);
  }

  entries(directory: number): number {
    return this.number(directory, this.isBig ? 8 : 2);
  }

  #nextDirectory(at: number): number {
    const end = at + (this.isBig ? 8 + 20 * this.entries(at) : 2 + 12 * this.entries(at));
    return this.number(end, this.offsetBytes);
  }
}

/** "I", of "II". */
const LITTLE_ENDIAN = 0x49;
const BIG_TIFF = 43;

/** The tags of a page. */
class Directory {
  readonly #entries = new Map<number, number>();

  constructor(
    private readonly file: TiffFile,
    start: number,
  ) {
    const [first, size] = file.isBig ? [start + 8, 20] : [start + 2, 12];
    // Those past the end are none: a JPEG can have half a million EXIF segments that claim thousands each.
    const most = Math.min(file.entries(start), MAX_ENTRIES, (file.bytes - first) / size);
    for (let i = 0; i < most; i++) {
      const at = first + i * size;
      if (!this.#entries.has(file.number(at, 2))) this.#entries.set(file.number(at, 2), at);
    }
  }

  has(tag: number): boolean {
    return this.#entries.has(tag);
  }

  /** The first number of a tag. */
  number(tag: number, otherwise: number): number {
    return this.numbers(tag, 1)[0] ?? otherwise;
  }

  /** The integers of a tag, at most `most`; none if it is absent. */
  numbers(tag: number, most = MAX_VALUES): number[] {
    const at = this.#entries.get(tag);
    if (at === undefined) return [];
    const { file } = this;
    const size = TYPE_BYTES[file.number(at + 2, 2)] ?? 0;
    if (size === 0) return [];
    const count = file.number(at + 4, file.offsetBytes);
    const inline = at + 4 + file.offsetBytes;
    const start = count * size <= file.offsetBytes ? inline : file.number(inline, file.offsetBytes);
    return Array.from({ length: Math.min(count, most) }, (_, i) => file.number(start + i * size, size));
  }
}

/** More than the strips or tiles of a page of 50 megapixels, each of one row or 16×16 px. */
const MAX_VALUES = 200_000;
