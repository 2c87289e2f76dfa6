import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';
import { unsupported } from './unsupported-format.js';

/** The header of a JPEG 2000 picture, read before any pixel is decoded (ISO/IEC 15444-1, annexes A and I). */
export interface Jpeg2000Header extends Size {
  /** Components of the codestream. */
  readonly components: number;
  /** Bits per sample, 1 to 16. */
  readonly bits: number;
  /** Decomposition levels: how often width and height can be halved by skipping the finer ones. */
  readonly levels: number;
  /** The colour components, grey or R, G and B, and the alpha component, if any. */
  readonly colours: readonly number[];
  readonly alpha: number | undefined;
  /** The colour space (EnumCS of the JP2 box), if given. */
  readonly colourSpace: number | undefined;
  /** The offsets of the codestream in the file. */
  readonly start: number;
  readonly end: number;
}

/** EnumCS: three colour spaces that the decoder converts to RGB, and one that it does not support. */
const CMYK = 12;
const CIELAB = 14;

/** Maximum number of tiles: each costs a few kilobytes; 50 megapixels in tiles of 128×128 px have three thousand. */
const MAX_TILES = 4096;

const MAX_BITS = 16;

/** Chroma may have half the width, or half the width and height. */
const SUBSAMPLING = new Set(['1×1', '2×1', '2×2']);

/**
 * Reads the header of a JP2 file or a bare codestream.
 *
 * @throws FaceError UNREADABLE_IMAGE if it is invalid, UNSUPPORTED_FORMAT if its components are not supported,
 *   TOO_MANY_PIXELS if it has too many tiles
 */
export function readJpeg2000Header(bytes: Uint8Array): Jpeg2000Header {
  const reader = new Reader(bytes);
  const boxes = reader.number(0, 2) === SOC ? { start: 0, end: bytes.length } : readBoxes(reader);
  const siz = readSize(reader, boxes.start);
  const levels = readLevels(reader, boxes.start, boxes.end, siz.components);
  return { ...siz, ...boxes, ...roles(siz.components, boxes), levels };
}

const damagedHeader = (): FaceError => new FaceError('UNREADABLE_IMAGE', 'has a damaged header (JP2)');

/** Big-endian numbers; 0 past the end. */
class Reader {
  readonly length: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.length = bytes.byteLength;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  number(at: number, size: 1 | 2 | 4): number {
    if (at + size > this.length) return 0;
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }
}

/** The properties of a codestream's components given by the surrounding boxes. */
interface Boxes {
  readonly start: number;
  readonly end: number;
  readonly colourSpace?: number;
  /** Channels into which a palette expands the one component. */
  readonly paletteChannels?: number;
  /** By channel: type 0 for colour, 1 and 2 for alpha; and the colour's number, from 1 on. */
  readonly channels?: readonly { readonly component: number; readonly type: number; readonly colour: number }[];
}

const box = (name: string): number => Buffer.from(name, 'latin1').readUInt32BE();

const CODESTREAM = box('jp2c');
const HEADER = box('jp2h');
const COLOUR = box('colr');
const PALETTE = box('pclr');
const CHANNELS = box('cdef');

/** Walks the boxes up to the codestream; the JP2 header precedes it. */
function readBoxes(reader: Reader): Boxes {
  const found: { -readonly [Key in keyof Boxes]?: Boxes[Key] } = {};
  const walk = (from: number, to: number): void => {
    for (let at = from; at + 8 <= to && found.start === undefined;) {
      const length = reader.number(at, 4);
      // 1 means that a 64-bit length follows the name, 0 that the box extends to the end.
      const head = length === 1 ? 16 : 8;
      const end = length === 0 ? to : at + (length === 1 ? longLength(reader, at + 8) : length);
      if (end < at + head || end > to) throw damagedHeader();
      readBox(reader.number(at + 4, 4), at + head, end);
      at = end;
    }
  };
  const readBox = (name: number, from: number, to: number): void => {
    if (name === HEADER) walk(from, to);
    else if (name === PALETTE) found.paletteChannels = reader.number(from + 2, 1);
    else if (name === CHANNELS) {
      found.channels = Array.from({ length: Math.min(reader.number(from, 2), MAX_CHANNELS) }, (_, i) => ({
        component: reader.number(from + 2 + 6 * i, 2),
        type: reader.number(from + 4 + 6 * i, 2),
        colour: reader.number(from + 6 + 6 * i, 2),
      }));
    } else if (name === COLOUR && reader.number(from, 1) === ENUMERATED) {
      found.colourSpace ??= reader.number(from + 3, 4);
    } else if (name === CODESTREAM) Object.assign(found, { start: from, end: to });
  };
  walk(0, reader.length);
  if (found.start === undefined || found.end === undefined) throw damagedHeader();
  return { ...found, start: found.start, end: found.end };
}

const MAX_CHANNELS = 8;

/** METH of a colour box with an enumerated colour space. */
const ENUMERATED = 1;

const longLength = (reader: Reader, at: number): number => reader.number(at, 4) * 2 ** 32 + reader.number(at + 4, 4);

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const COC = 0xff53;
const SOT = 0xff90;

/** The SIZ marker segment: size, tiles and components. */
function readSize(reader: Reader, start: number): Size & Pick<Jpeg2000Header, 'components' | 'bits'> {
  if (reader.number(start, 2) !== SOC || reader.number(start + 2, 2) !== SIZ) throw damagedHeader();
  const word = (index: number): number => reader.number(start + 8 + 4 * index, 4);
  const [right, bottom, left, top, tileWidth, tileHeight, tileLeft, tileTop] = Array.from({ length: 8 }, (_, i) =>
    word(i),
  );
  const components = reader.number(start + 40, 2);
  const sample = start + 42;
  const isSound = right > left && bottom > top && tileWidth > 0 && tileHeight > 0 && components > 0;
  if (!isSound || sample + 3 * components > reader.length) throw damagedHeader();
  const tiles = Math.ceil((right - tileLeft) / tileWidth) * Math.ceil((bottom - tileTop) / tileHeight);
  if (tiles > MAX_TILES) {
    throw new FaceError('TOO_MANY_PIXELS', `has ${tiles} tiles; at most ${MAX_TILES} are accepted`);
  }
  const depths = Array.from({ length: components }, (_, i) => reader.number(sample + 3 * i, 1));
  const steps = Array.from(
    { length: components },
    (_, i) => `${reader.number(sample + 3 * i + 1, 1)}×${reader.number(sample + 3 * i + 2, 1)}`,
  );
  const isSubsampled = steps.some((step) => step !== '1×1');
  const isReadable =
    components <= 4 &&
    depths.every((depth) => depth === depths[0] && depth < MAX_BITS) &&
    (!isSubsampled || (components === 3 && steps[0] === '1×1' && steps[1] === steps[2] && SUBSAMPLING.has(steps[1])));
  if (!isReadable) throw unsupported('JPEG_2000_KIND');
  // Ssiz is the depth minus one; its highest bit marks signed samples.
  return { width: right - left, height: bottom - top, components, bits: depths[0] + 1 };
}

/** The minimum number of decomposition levels of any component in the main header (COD and COC). */
function readLevels(reader: Reader, start: number, end: number, components: number): number {
  let levels: number | undefined;
  for (let at = start + 2; at + 4 <= end; at += 2 + reader.number(at + 2, 2)) {
    const marker = reader.number(at, 2);
    if (marker === SOT || marker >> 8 !== 0xff || reader.number(at + 2, 2) < 2) break;
    if (marker === COD) levels = Math.min(levels ?? Infinity, reader.number(at + 9, 1));
    if (marker === COC) levels = Math.min(levels ?? Infinity, reader.number(at + (components < 257 ? 6 : 7), 1));
  }
  return levels ?? 0;
}

/** The roles of the components. If unspecified, the second of two and the fourth of four are alpha. */
function roles(
  components: number,
  { colourSpace, paletteChannels, channels }: Boxes,
): Pick<Jpeg2000Header, 'colours' | 'alpha' | 'colourSpace'> {
  if (colourSpace === CIELAB) throw unsupported('JPEG_2000_KIND');
  if (paletteChannels !== undefined) {
    if (components !== 1 || (paletteChannels !== 1 && paletteChannels !== 3)) throw unsupported('JPEG_2000_KIND');
    return { colours: [0], alpha: undefined, colourSpace };
  }
  if (components === 1 || components === 3 || (components === 4 && colourSpace === CMYK)) {
    return { colours: [...Array(components).keys()], alpha: undefined, colourSpace };
  }
  const ordered = channels?.filter(({ type }) => type === 0).sort((a, b) => a.colour - b.colour);
  const colours = ordered?.map(({ component }) => component) ?? [...Array(components - 1).keys()];
  const alpha = channels?.find(({ type }) => type !== 0)?.component ?? components - 1;
  if (colours.length !== components - 1 || [...colours, alpha].some((component) => component >= components)) {
    throw unsupported('JPEG_2000_KIND');
  }
  return { colours, alpha, colourSpace };
}

/**
 * Wraps the codestream in a JP2 file that selects some of its components: the decoder accepts one or three, and no
 * alpha. JP2's only way to select them is a palette, here of one entry that no channel uses (annex I.5.3.5).
 */
export function withComponents(bytes: Uint8Array, header: Jpeg2000Header, components: readonly number[]): Uint8Array {
  const depth = header.bits - 1;
  const image = Buffer.alloc(14);
  image.writeUInt32BE(header.height, 0);
  image.writeUInt32BE(header.width, 4);
  image.writeUInt16BE(header.components, 8);
  image.set([depth, 7, 1, 0], 10);
  const colour = Buffer.from([
    ENUMERATED,
    0,
    0,
    0,
    0,
    0,
    components.length === 1 ? GREY : (header.colourSpace ?? SRGB),
  ]);
  const entry = Buffer.alloc(components.length * Math.ceil(header.bits / 8));
  const palette = Buffer.from([0, 1, components.length, ...components.map(() => depth), ...entry]);
  const map = Buffer.from(components.flatMap((component) => [0, component, 0, 0]));
  return Buffer.concat([
    makeBox('jP  ', Buffer.from([0x0d, 0x0a, 0x87, 0x0a])),
    makeBox('ftyp', Buffer.from('jp2 \0\0\0\0jp2 ', 'latin1')),
    makeBox('jp2h', makeBox('ihdr', image), makeBox('colr', colour), makeBox('pclr', palette), makeBox('cmap', map)),
    makeBox('jp2c', bytes.subarray(header.start, header.end)),
  ]);
}

/** EnumCS. */
const SRGB = 16;
const GREY = 17;

function makeBox(name: string, ...content: Uint8Array[]): Buffer {
  const head = Buffer.from(`    ${name}`, 'latin1');
  head.writeUInt32BE(content.reduce((length, part) => length + part.byteLength, head.length));
  return Buffer.concat([head, ...content]);
}
